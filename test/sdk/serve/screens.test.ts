import { defineExtension } from "@synaps/sdk";
import { createHarness } from "@synaps/sdk/testing";
import { expect, it } from "vitest";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

const extension = defineExtension({
  config: { greeting: { type: "string", default: "Hello" } },
  commands: {
    greet(args, { output, task, config }) {
      output.text(`${config.greeting} ${args.join(" ")}`);
      output.system("s");
      output.error("e");
      output.table(["h"], [["c"]]);
      const work = task("Working", { kind: "rebuild", id: "w" });
      work.update({ current: 1, total: 2, message: "half" });
      work.log("line");
      work.done();
      work.log("too late");
      return { said: args.length };
    },
    fails() {
      throw new Error("no luck");
    },
    async waits(_args, { signal, output }) {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      output.text("given up");
    },
    shows(_args, { widgets }) {
      widgets.upsert({ id: "w", lines: ["a"], ttl_secs: 5 });
      widgets.dismiss("w");
      widgets.dismiss("w", "s1");
    },
  },
  settings: {
    "voice/model": {
      open: () => ({ rows: [{ label: "First" }], cursor: 0 }),
      key(key, editor) {
        if (key !== "Enter") return editor.render({ rows: [{ label: key }] });
        editor.commit(`${editor.category}:${editor.field}`);
        return editor.close("chosen");
      },
      commit: () => undefined,
    },
  },
  sidecarArgs: () => ({ args: ["-x"], language: "de" }),
  driveSession: ({ run_id, outcome }) => ({ action: outcome === "success" ? "next" : "stop", run_id }),
  info: { models: [{ id: "m" }] },
});

it(verifies("SDK-020") + "a command gets its arguments and shows output and tasks of its own", async () => {
  const harness = await createHarness(extension, { config: { greeting: "Hi" } });
  const { result, output } = await harness.invoke("greet", ["a", "b"]);
  expect(result).toEqual({ said: 2 });
  expect(output).toEqual([
    { kind: "text", content: "Hi a b" },
    { kind: "system", content: "s" },
    { kind: "error", content: "e" },
    { kind: "table", headers: ["h"], rows: [["c"]] },
    { kind: "done" },
  ]);
  const request_id = "command-2";
  expect(harness.told.filter(({ method }) => method.startsWith("task."))).toEqual([
    { method: "task.start", params: { id: "w", request_id, label: "Working", kind: "rebuild" } },
    { method: "task.update", params: { id: "w", request_id, current: 1, total: 2, message: "half" } },
    { method: "task.log", params: { id: "w", request_id, line: "line" } },
    { method: "task.done", params: { id: "w", request_id, error: null } },
  ]);
});

it(
  verifies("SDK-020") + "a command that throws or is not there is an error; one that is given up is told",
  async () => {
    const harness = await createHarness(extension);
    await expect(harness.invoke("fails")).rejects.toThrow("no luck");
    await expect(harness.invoke("toString")).rejects.toThrow("unknown command: toString");
    const controller = new AbortController();
    const running = harness.invoke("waits", [], { signal: controller.signal });
    controller.abort();
    expect((await running).output).toEqual([{ kind: "text", content: "given up" }, { kind: "done" }]);
  },
);

it(verifies("SDK-021") + "widgets are told to the host", async () => {
  const harness = await createHarness(extension);
  await harness.invoke("shows");
  expect(harness.told.slice(0, 3)).toEqual([
    { method: "widget.upsert", params: { id: "w", lines: ["a"], ttl_secs: 5 } },
    { method: "widget.dismiss", params: { id: "w" } },
    { method: "widget.dismiss", params: { id: "w", session_id: "s1" } },
  ]);
});

it(verifies("SDK-022") + "a settings editor renders what its handlers return or say", async () => {
  const harness = await createHarness(extension);
  const at = { category: "voice", field: "model" };
  await harness.request("settings.editor.open", at);
  await harness.request("settings.editor.key", { ...at, key: "Down" });
  await harness.request("settings.editor.key", { ...at, key: "Enter" });
  await harness.request("settings.editor.commit", { ...at, value: "x" });
  expect(harness.told).toEqual([
    { method: "settings.editor.render", params: { rows: [{ label: "First" }], cursor: 0 } },
    { method: "settings.editor.render", params: { rows: [{ label: "Down" }] } },
    { method: "settings.editor.commit", params: { value: "voice:model" } },
    { method: "settings.editor.close", params: { reason: "chosen" } },
  ]);
  await expect(harness.request("settings.editor.open", { category: "a", field: "b" })).rejects.toThrow(
    "unknown settings editor: a/b",
  );
});

it(
  verifies("SDK-023") +
    "sidecar arguments, session polls and info.get are answered, and unknown ones refused",
  async () => {
    const harness = await createHarness(extension);
    expect(await harness.request("sidecar.spawn_args", null)).toEqual({ args: ["-x"], language: "de" });
    expect(await harness.request("info.get", null)).toEqual({ models: [{ id: "m" }] });
    const poll = JSON.stringify({ run_id: "r", outcome: "success" });
    expect((await harness.invoke("__session_driver__", [poll])).result).toEqual({
      session_driver: { action: "next", run_id: "r" },
    });
    const bare = await createHarness(defineExtension({}));
    for (const method of ["command.invoke", "settings.editor.open", "sidecar.spawn_args", "info.get"]) {
      await expect(bare.request(method, {})).rejects.toThrow(`method not found: ${method}`);
    }
    await until("no notification came", () => bare.told.length === 0);
  },
);

it(verifies("SDK-024") + "what is no function is refused when it is defined", () => {
  const wrong = "x" as never;
  expect(() => defineExtension({ commands: { a: wrong } })).toThrow("the command 'a' must be a function");
  expect(() => defineExtension({ settings: { "a/b": wrong } })).toThrow(
    "the settings editor 'a/b' must be an object, not a string.",
  );
});
