import { describe, expect, it } from "vitest";
import { HostError } from "../../../../packages/host/src/errors.js";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import {
  failureOf,
  LoadReport,
  type LoadEvent,
  type LoadFailure,
} from "../../../../packages/host/src/supervision/load-report.js";
import { inventoryEntry } from "./loaded-kit.js";

const FAILURE: LoadFailure = {
  extension: "f",
  manifestPath: "/f",
  code: "MANIFEST_INVALID",
  reason: "wrong",
  hint: undefined,
};

function listening(): { report: LoadReport; events: LoadEvent[]; stop: () => void } {
  const report = new LoadReport(nullLogger);
  const events: LoadEvent[] = [];
  const stop = report.listen((event) => void events.push(event));
  return { report, events, stop };
}

describe("a report", () => {
  it("begins with nothing", () => {
    expect(new LoadReport(nullLogger).result).toStrictEqual({
      state: "not_started",
      loaded: [],
      failed: [],
      warnings: [],
    });
  });

  it("tells each step with the counts so far, and holds the result", () => {
    const { report, events } = listening();
    report.begin();
    expect(report.result.state).toBe("running");
    report.loaded("a");
    report.failed(FAILURE);
    report.loaded("b");
    expect(report.result).toStrictEqual({
      state: "running",
      loaded: ["a", "b"],
      failed: [FAILURE],
      warnings: [],
    });
    report.finish();
    expect(report.result).toStrictEqual({
      state: "done",
      loaded: ["a", "b"],
      failed: [FAILURE],
      warnings: [],
    });
    expect(events).toStrictEqual([
      { type: "started" },
      { type: "loaded", extension: "a", loaded: 1, failed: 0 },
      { type: "failed", failure: FAILURE, loaded: 1, failed: 1 },
      { type: "loaded", extension: "b", loaded: 2, failed: 1 },
      { type: "finished", loaded: ["a", "b"], failed: [FAILURE] },
    ]);
  });

  it("hands out copies: what was asked for once stays as it was", () => {
    const { report } = listening();
    report.begin();
    const { loaded, failed } = report.result;
    report.loaded("a");
    report.failed(FAILURE);
    expect([loaded, failed]).toEqual([[], []]);
  });

  it("finishes once, and only what runs", () => {
    const { report, events } = listening();
    report.finish();
    expect([events, report.result.state]).toEqual([[], "not_started"]);
    report.begin();
    report.finish();
    report.finish();
    expect(events.map(({ type }) => type)).toEqual(["started", "finished"]);
  });

  it("is aborted with the reason, known or not, and does not finish then", () => {
    for (const [error, problem] of [
      [
        new HostError("FOLDER_NOT_FOUND" as never, "no folder", { hint: "make it" }),
        { code: "FOLDER_NOT_FOUND", reason: "no folder", hint: "make it" },
      ],
      [new Error("a defect"), { code: "SPAWN_FAILED", reason: "a defect", hint: undefined }],
      ["a text", { code: "SPAWN_FAILED", reason: "a text", hint: undefined }],
    ] as const) {
      const { report, events } = listening();
      report.begin();
      report.abort(error);
      report.finish();
      expect(report.result).toStrictEqual({
        state: "aborted",
        loaded: [],
        failed: [],
        warnings: [],
        problem,
      });
      expect(events.slice(1)).toStrictEqual([{ type: "aborted", problem }]);
    }
  });

  it("tells who comes late what happened so far, once, and nobody who left", () => {
    const { report, events, stop } = listening();
    report.begin();
    report.loaded("a");
    const late: LoadEvent[] = [];
    report.listen((event) => void late.push(event));
    expect(late).toEqual(events);
    stop();
    report.loaded("b");
    expect([events.length, late.length]).toEqual([2, 3]);
  });

  it("warns of a listener that fails, in words", () => {
    const warnings: unknown[] = [];
    const report = new LoadReport({ ...nullLogger, warn: (message) => void warnings.push(message) });
    report.listen(() => {
      throw new Error("no");
    });
    report.begin();
    expect(warnings).toEqual(["a listener for the start of the host failed"]);
  });

  it("names an extension that was started and failed by its entry and its error", () => {
    const { report } = listening();
    report.failedBy(inventoryEntry("a"), new HostError("HANDSHAKE_NOISE", "noise", { hint: "be quiet" }));
    expect(report.result.failed).toStrictEqual([
      {
        extension: "a",
        manifestPath: "/a/plugin.json",
        code: "HANDSHAKE_NOISE",
        reason: "noise",
        hint: "be quiet",
      },
    ]);
  });
});

describe("the failure of an extension that may not even be started", () => {
  const diagnostic = (severity: "error" | "warning", message: string) => ({
    severity,
    code: "HANDSHAKE_NOISE" as const,
    extension: "a",
    file: undefined,
    pointer: "",
    message,
    hint: `hint of ${message}`,
  });
  const base = { extension: "a", manifestPath: "/a/plugin.json" };

  it("is none when it may run, or when the user switched it off", () => {
    const diagnostics = [diagnostic("error", "wrong")];
    for (const status of ["ready", "disabled"] as const)
      expect(failureOf(inventoryEntry("a", { status, diagnostics }))).toBeUndefined();
  });

  it("is its first error", () => {
    const diagnostics = [
      diagnostic("warning", "odd"),
      diagnostic("error", "wrong"),
      diagnostic("error", "worse"),
    ];
    for (const status of ["invalid", "pending_consent"] as const)
      expect(failureOf(inventoryEntry("a", { status, diagnostics }))).toStrictEqual({
        ...base,
        code: "HANDSHAKE_NOISE",
        reason: "wrong",
        hint: "hint of wrong",
      });
  });

  it("is its state when nothing says more", () => {
    const diagnostics = [diagnostic("warning", "odd")];
    expect(failureOf(inventoryEntry("a", { status: "pending_consent", diagnostics }))).toStrictEqual({
      ...base,
      code: "MANIFEST_INVALID",
      reason: "it is pending_consent",
      hint: undefined,
    });
  });
});
