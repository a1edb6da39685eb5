import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { LAZY, MISSING, refusal, registry } from "./registry-kit.js";

const NOT_FOUND = {
  code: "SPAWN_COMMAND_NOT_FOUND",
  hint: expect.stringContaining("correct 'command' in the manifest"),
};

describe("the start of a registry", () => {
  it("makes members of all that may run, and reports the rest", async () => {
    const { registry: made, manifest, logged } = registry({ b: MISSING, a: LAZY, c: "{" });
    await made.load();
    expect(made.all().map(({ id, state }) => `${id} ${state}`)).toEqual(["a loaded", "b loaded"]);
    expect(made.status().map(({ id, state }) => `${id} ${state}`)).toEqual([
      "a loaded",
      "b loaded",
      "c invalid",
    ]);
    expect(made.report.result).toMatchObject({ state: "running", loaded: [], failed: [{ extension: "c" }] });
    await made.start();
    const failure = made.require("b").failure;
    expect(made.report.result).toEqual({
      state: "done",
      loaded: ["a"],
      failed: [
        expect.objectContaining({ extension: "c" }),
        {
          extension: "b",
          manifestPath: manifest("b"),
          code: "SPAWN_COMMAND_NOT_FOUND",
          reason: failure?.message,
          hint: failure?.hint,
        },
      ],
      warnings: [],
    });
    expect(logged("info")).toEqual([
      {
        level: "info",
        message: "extension state",
        fields: { extension: "b", from: "loaded", to: "starting" },
      },
      {
        level: "info",
        message: "extension state",
        fields: { extension: "b", from: "starting", to: "failed" },
      },
    ]);
  });

  it("notes a failed start once, in the log and in the status", async () => {
    const { registry: made, manifest, logged } = registry({ b: MISSING });
    await made.load();
    await made.start();
    const { message = "", hint } = made.require("b").failure ?? {};
    const code = "SPAWN_COMMAND_NOT_FOUND";
    const evidence = `"command": "./missing"`;
    expect(logged("error")).toEqual([
      { level: "error", message, fields: { extension: "b", code, hint, evidence } },
    ]);
    expect(made.status()[0]?.diagnostics).toEqual([
      { severity: "error", code, extension: "b", file: manifest("b"), pointer: "", message, hint, evidence },
    ]);
  });

  it("is aborted when nothing can be read, and says so", async () => {
    const { registry: made, logged } = registry({}, { folders: ["/none/such"] });
    const error = await refusal(made.load());
    expect(error).toMatchObject({ message: expect.stringContaining("/none/such") });
    const { problem } = made.report.result;
    expect(made.report.result.state).toBe("aborted");
    expect(logged("error")).toEqual([
      { level: "error", message: problem?.reason, fields: { code: problem?.code } },
    ]);
  });

  it("makes a member of one of two folders with the same id", async () => {
    const folders = [1, 2].map(() => {
      const folder = tempDir();
      writeExtension(folder, "a", LAZY);
      return folder;
    });
    const { registry: made } = registry({}, { folders });
    await made.load();
    expect(made.all().map(({ id }) => id)).toEqual(["a"]);
  });

  it("tells the moves of extensions until the listener stops", async () => {
    const { registry: made } = registry({ b: MISSING });
    await made.load();
    const moves: string[] = [];
    const stop = made.onState(({ id }, from, to) => void moves.push(`${id}: ${from} ${to}`));
    await made.start();
    expect(moves).toEqual(["b: loaded starting", "b: starting failed"]);
    stop();
    await refusal(made.resume("b"));
    expect(moves).toHaveLength(2);
  });
});

describe("a quarantine on record", () => {
  it("holds the extension back, until a resume takes it from the record", async () => {
    const { registry: made, roots, baseDir } = registry({ b: MISSING });
    const path = join(baseDir, "extensions", "quarantine.json");
    const note = {
      version: 1,
      quarantined: { [roots["b"] ?? ""]: { since: Date.now(), reason: "it fell" } },
    };
    mkdirSync(join(baseDir, "extensions"), { recursive: true });
    writeFileSync(path, JSON.stringify(note));
    await made.load();
    await made.start();
    expect(made.require("b")).toMatchObject({ state: "quarantined", reason: "it fell" });
    expect(made.report.result.failed).toMatchObject([{ extension: "b", code: "EXTENSION_QUARANTINED" }]);
    expect(await refusal(made.resume("b"))).toMatchObject(NOT_FOUND);
    await made.stop(Promise.resolve());
    const after = readFileSync(path, "utf8");
    expect(JSON.parse(after)).toEqual({ version: 1, quarantined: {} });
  });

  it("that cannot be read is not used, and warned of", async () => {
    const { registry: made, baseDir, logged } = registry({ b: LAZY });
    mkdirSync(join(baseDir, "extensions"), { recursive: true });
    writeFileSync(join(baseDir, "extensions", "quarantine.json"), "{");
    await made.load();
    expect(logged("warn")).toEqual([
      {
        level: "warn",
        message: "the record of quarantines was not used",
        fields: { reason: expect.stringMatching(/./) },
      },
    ]);
  });
});

describe("a warning of an extension", () => {
  const note = { code: "TOOL_NAME_TAKEN", message: "the name is taken", hint: "take another" } as const;

  it("is noted once in the status and in the log", async () => {
    const { registry: made, logged, manifest } = registry({ a: LAZY });
    await made.load();
    const extension = made.require("a");
    for (let n = 0; n < 2; n += 1) made.warn(extension, note);
    made.warn(extension, { ...note, message: "another" });
    const base = { severity: "warning", extension: "a", file: manifest("a"), pointer: "" };
    expect(made.status()[0]?.diagnostics).toEqual([
      { ...base, ...note },
      { ...base, ...note, message: "another" },
    ]);
    const fields = { extension: "a", code: note.code, hint: note.hint };
    expect(logged("warn")).toEqual([
      { level: "warn", message: note.message, fields },
      { level: "warn", message: "another", fields },
    ]);
  });

  it("that left is nobody's", async () => {
    const { registry: made, logged } = registry({ a: LAZY });
    await made.load();
    const extension = made.require("a");
    await made.remove(extension);
    made.warn(extension, note);
    expect([logged("warn"), made.status()]).toEqual([[], []]);
  });
});

describe("a resume", () => {
  it("rejects with the failure, the stop, or the unknown id", async () => {
    const { registry: made } = registry({ b: MISSING });
    await made.load();
    await made.start();
    expect(await refusal(made.resume("b"))).toMatchObject(NOT_FOUND);
    expect(await refusal(made.resume("none"))).toEqual({
      code: "EXTENSION_NOT_FOUND",
      message: "There is no extension 'none' with a process",
      hint: "Known: b.",
    });
    expect(made.stopping).toBe(false);
    await made.stop(Promise.resolve());
    expect(made.stopping).toBe(true);
    expect(await refusal(made.resume("b"))).toMatchObject({ code: "HOST_STOPPED" });
  });
});

describe("the stop of a registry", () => {
  it("stops all extensions, and waits for the processes beside them", async () => {
    const { registry: made } = registry({ a: LAZY, b: MISSING });
    await made.load();
    await made.start();
    let gone = (): void => {};
    let over = false;
    const stopped = made.stop(new Promise<void>((resolve) => (gone = resolve))).then(() => (over = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(made.all().map(({ state }) => state)).toEqual(["stopped", "stopped"]);
    expect(over).toBe(false);
    gone();
    expect(await stopped).toBe(true);
  });
});
