import { describe, expect, it } from "vitest";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { toolHost } from "./support.js";

describe("a tool", () => {
  it(verifies("TOOL-001", "TOOL-003") + "is called by its runtime name and by its API name", async () => {
    const { host } = await toolHost();
    expect(host.tools.list().map(({ name }) => name)).toEqual(
      ["echo", "exits", "exits_once", "fails", "shape", "talks", "tells", "waits"].map(
        (one) => `offers-tools:${one}`,
      ),
    );
    expect(host.tools.get("offers-tools_echo")).toMatchObject({
      name: "offers-tools:echo",
      apiName: "offers-tools_echo",
      extension: "offers-tools",
      tool: "echo",
      description: "What echo does",
      idempotent: false,
    });
    for (const name of ["offers-tools:echo", "offers-tools_echo"]) {
      expect(await host.tools.call(name, { text: "hi" })).toMatchObject({
        status: "ok",
        isError: false,
        content: "hi",
        tool: "offers-tools:echo",
        extension: "offers-tools",
        input: { text: "hi" },
      });
    }
    await expect(host.tools.call("offers-tools:ecko", {})).rejects.toMatchObject({
      code: "TOOL_NOT_FOUND",
      hint: "Did you mean 'offers-tools:echo'?",
    });
  });

  it.each([
    ["a text", "plain", "plain", undefined],
    [
      "an object with a text as content",
      { content: "plain", more: 1 },
      "plain",
      { content: "plain", more: 1 },
    ],
    ["an object without", { temperature: 20 }, '{"temperature":20}', { temperature: 20 }],
    ["an object whose content is no text", { content: [1] }, '{"content":[1]}', { content: [1] }],
    ["a list", [1, "a"], '[1,"a"]', [1, "a"]],
    ["a number", 7, "7", 7],
    ["nothing", null, "null", null],
  ])(verifies("TOOL-004") + "answers with %s", async (_what, result, content, structured) => {
    const { host } = await toolHost();
    const answered = await host.tools.call("offers-tools:shape", { result });
    expect(answered).toMatchObject({ status: "ok", content });
    expect("structured" in answered ? answered.structured : undefined).toEqual(structured);
  });

  it(
    verifies("TOOL-005") +
      "that answers with an error gives a result with code and data; nothing is restarted",
    async () => {
      const { host } = await toolHost();
      for (let turn = 0; turn < 4; turn += 1) {
        expect(await host.tools.call("offers-tools:fails")).toMatchObject({
          status: "error",
          isError: true,
          content: "no such city",
          error: { code: -32050, message: "no such city", data: { city: "Atlantis" } },
        });
      }
      expect(statusOf(host, "offers-tools").process).toMatchObject({ state: "running", restartCount: 0 });
    },
  );
});

describe("a call whose process ends under it", () => {
  it(verifies("TOOL-007") + "is not sent again: it may have had effects", async () => {
    const { host, calls } = await toolHost();
    const result = await host.tools.call("offers-tools:exits");
    expect(result).toMatchObject({ status: "unavailable", isError: true, reason: "crash" });
    expect(result.content).toContain(
      "The tool 'offers-tools:exits' gave no answer: its extension ended under the call",
    );
    await until("it runs again", () => statusOf(host, "offers-tools").state === "degraded");
    expect(calls()).toEqual([expect.stringMatching(/^exits /)]);
  });

  it(verifies("TOOL-007") + "is sent once more when the tool says that it is idempotent", async () => {
    const { host, calls } = await toolHost();
    expect(host.tools.get("offers-tools:exits_once")?.idempotent).toBe(true);
    expect(await host.tools.call("offers-tools:exits_once")).toMatchObject({
      status: "ok",
      content: "again",
    });
    expect(calls()).toHaveLength(2);
  });
});

describe("a call that takes too long", () => {
  it(verifies("TOOL-006") + "ends at its deadline, and the slot is free again", async () => {
    const { host } = await toolHost({ protocol_version: 1 });
    const result = await host.tools.call("offers-tools:waits", {}, { deadlineMs: 50 });
    expect(result).toMatchObject({ status: "unavailable", reason: "timeout" });
    expect(await host.tools.call("offers-tools:echo", { text: "next" })).toMatchObject({ content: "next" });
    expect(statusOf(host, "offers-tools").process?.restartCount).toBe(0);
  });

  it(verifies("TOOL-006") + "has 120 s unless somebody says otherwise", async () => {
    const { DEFAULT_LIMITS } = await import("@synaps/host");
    expect(DEFAULT_LIMITS.toolCallMs).toBe(120_000);
    const { host } = await toolHost({}, { limits: { toolCallMs: 40 } });
    expect(await host.tools.call("offers-tools:waits")).toMatchObject({ reason: "timeout" });
  });

  it(verifies("TOOL-006") + "is given up by its signal, and protocol 3 is told", async () => {
    const { host, calls } = await toolHost();
    const stop = new AbortController();
    const call = host.tools.call("offers-tools:waits", {}, { signal: stop.signal });
    await until("it runs", () => calls().length === 1);
    stop.abort();
    expect(await call).toMatchObject({
      status: "cancelled",
      isError: true,
      content: "The tool call was cancelled.",
    });
    await until("it was told", () => calls().some((line) => line.startsWith("cancelled ")));
    const [started = "", cancelled = ""] = calls();
    expect(cancelled.split(" ")[1]).toBe(started.split(" ")[1]);
  });

  it(verifies("TOOL-006") + "is given up while it waits for its turn, and never sent", async () => {
    const { host, calls, go } = await toolHost({ protocol_version: 1 });
    const first = host.tools.call("offers-tools:waits");
    await until("the first runs", () => calls().length === 1);
    const stop = new AbortController();
    const second = host.tools.call("offers-tools:echo", { text: "x" }, { signal: stop.signal });
    stop.abort();
    expect(await second).toMatchObject({ status: "cancelled" });
    go();
    expect(await first).toMatchObject({ content: "waited" });
    expect(await host.tools.call("offers-tools:echo", { text: "y" })).toMatchObject({ content: "y" });
    expect(calls().map((line) => line.split(" ")[0])).toEqual(["waits", "echo"]);
    const aborted = await host.tools.call(
      "offers-tools:echo",
      { text: "z" },
      { signal: AbortSignal.abort() },
    );
    expect(aborted.status).toBe("cancelled");
  });
});

it(
  verifies("TOOL-015") +
    "protocol 3 is told what a call belongs to; protocols 1 and 2 get name and input only",
  async () => {
    const { host } = await toolHost();
    const options = { sessionId: "s-1", toolCallId: "t-1", correlationId: "c-1", deadlineMs: 5_000 };
    expect(await host.tools.call("offers-tools:tells", {}, options)).toMatchObject({
      structured: {
        name: "tells",
        input: {},
        meta: { deadline_ms: 5_000, session_id: "s-1", tool_call_id: "t-1", correlation_id: "c-1" },
      },
    });
    for (const protocol_version of [1, 2]) {
      const old = await toolHost({ protocol_version });
      const told = await old.host.tools.call(
        "offers-tools:tells",
        { a: 1 },
        { ...options, onProgress: () => {} },
      );
      expect(told).toMatchObject({ status: "ok", structured: { name: "tells", input: { a: 1 } } });
      expect(told.content).not.toContain("meta");
    }
  },
);
