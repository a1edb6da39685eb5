import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputEvent } from "@synaps/host";
import { expect, it } from "vitest";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { interactive, offering } from "./support.js";

it(
  verifies("CMD-003", "CMD-010") + "small output comes through unchanged, nested or flat, and in order",
  async () => {
    const { host } = await offering({ commands: [interactive("echo"), interactive("flat")] });
    const seen: OutputEvent[] = [];
    const outcome = await host.commands.invoke("/echo", "one  two\tüber", {
      onOutput: (event) => void seen.push(event),
    });
    expect(outcome).toMatchObject({
      status: "done",
      command: "echo",
      extension: "offers-commands",
      shape: "interactive",
      result: { shape: "interactive", value: { args: ["one", "two", "über"] } },
      output: [
        { kind: "text", content: "one" },
        { kind: "text", content: "two" },
        { kind: "text", content: "über" },
        { kind: "done" },
      ],
      counts: {
        produced: 4,
        consumed: 4,
        retained: 4,
        truncated: 0,
        dropped: 0,
        droppedErrors: 0,
        sawDone: true,
      },
    });
    expect(outcome.notice).toBeUndefined();
    expect(seen).toEqual(outcome.output);
    expect((await host.commands.invoke("flat")).output).toEqual([
      { kind: "text", content: "a\u001b[31mb\tc\n" },
      { kind: "system", content: "s" },
      { kind: "error", content: "e" },
      { kind: "table", headers: ["h"], rows: [["1"], ["2"]] },
      { kind: "done" },
    ]);
  },
);

it(verifies("CMD-011") + "malformed events and those of another call are left out", async () => {
  const { host, log } = await offering({ commands: [interactive("nonsense")] });
  const { output, counts, notice } = await host.commands.invoke("nonsense");
  expect(output).toEqual([{ kind: "text", content: "good" }]);
  expect(counts).toMatchObject({ produced: 9, retained: 1, dropped: 8, malformed: 8, sawDone: false });
  expect(notice?.text).toContain("of 9 events 8 were left out, 8 because they made no sense");
  const skipped = "an event of a command's output was skipped: it is malformed";
  expect(log.filter(({ message }) => message === skipped)).toMatchObject([{ fields: { count: 1 } }]);
});

it(verifies("CMD-060") + "the other words of public extensions are understood", async () => {
  const { host } = await offering({ commands: [interactive("dialect")] });
  const { output, counts } = await host.commands.invoke("dialect");
  expect(output).toEqual([
    { kind: "text", content: "t" },
    { kind: "error", content: "e" },
    {
      kind: "table",
      headers: ["id", "mb"],
      rows: [
        ["tiny", "75"],
        ["", "true"],
      ],
    },
    { kind: "task.start", id: "t1", label: "Fetch", taskKind: "download" },
    { kind: "task.done", id: "t1" },
  ]);
  expect(counts).toMatchObject({ produced: 5, retained: 5, malformed: 0 });
});

it(verifies("CMD-001") + "a flood of 40 MiB is bounded, counted and noticed", async () => {
  const { host } = await offering({ commands: [interactive("flood"), interactive("echo")] });
  const { status, output, counts, notice } = await host.commands.invoke("flood");
  expect(status).toBe("done");
  expect(output.map(({ kind }) => kind)).toEqual(["text", "text", "text", "text", "done"]);
  expect(counts).toEqual({
    produced: 641,
    consumed: 641,
    retained: 5,
    truncated: 1,
    dropped: 636,
    droppedErrors: 0,
    malformed: 0,
    sawDone: true,
  });
  expect(notice).toEqual({
    severity: "warning",
    text: "Output was cut: of 641 events 636 were left out and 1 shortened (limits: 256 KiB, 1024 events).",
  });
  expect((await host.commands.invoke("echo", ["after"])).status).toBe("done");
});

it(verifies("CMD-002") + "giving up amid a flood frees the call, and protocol 3 is told", async () => {
  const file = join(tempDir(), "told");
  const { host } = await offering({
    commands: [interactive("forever"), interactive("echo")],
    extension: { protocol_version: 3 },
  });
  const controller = new AbortController();
  let seen = 0;
  const running = host.commands.invoke("forever", [file], {
    signal: controller.signal,
    onOutput: () => {
      seen += 1;
      if (seen === 50) controller.abort();
    },
  });
  expect(await running).toMatchObject({ status: "cancelled" });
  expect(host.commands.running).toBe(0);
  await until("the extension heard of it", () => existsSync(file) && readFileSync(file, "utf8") !== "");
  expect(readFileSync(file, "utf8")).toBe("cancelled\n");
  expect((await host.commands.invoke("echo", ["next"])).output).toHaveLength(2);
  expect(statusOf(host, "offers-commands").process).toMatchObject({ restartCount: 0, inFlight: 0 });
});

it(verifies("CMD-012") + "an error is a result with its reason, not a crash", async () => {
  const { host } = await offering({ commands: [interactive("fails")] });
  expect(await host.commands.invoke("fails")).toMatchObject({ status: "failed", reason: "no luck[0m today" });
  expect(statusOf(host, "offers-commands")).toMatchObject({ state: "running", process: { restartCount: 0 } });
});

it(
  verifies("CMD-013") + "an unanswered command ends at its deadline; a process that falls under it is told",
  async () => {
    const hasty = await offering({ commands: [interactive("never")] }, { limits: { commandMs: 150 } });
    expect(await hasty.host.commands.invoke("never")).toMatchObject({ status: "timeout" });
    // With time: on a busy machine the fall itself takes a while.
    const { host } = await offering({ commands: [interactive("dies")] });
    expect(await host.commands.invoke("dies")).toMatchObject({ status: "unavailable", cause: "crash" });
  },
);

it(verifies("CMD-014") + "a listener that throws stops neither the command nor the reading", async () => {
  const { host, log } = await offering({ commands: [interactive("echo")] });
  let calls = 0;
  const outcome = await host.commands.invoke("echo", ["a", "b"], {
    onOutput: () => {
      calls += 1;
      throw new Error("mine");
    },
  });
  expect(outcome).toMatchObject({ status: "done", counts: { retained: 3 } });
  expect(calls).toBe(3);
  const told = log.filter(({ message }) => message === "a listener for a command's output failed");
  expect(told).toHaveLength(1);
});

it(
  verifies("CMD-015") +
    "tasks are seen with the command and kept afterwards: order, progress, the last 8 lines",
  async () => {
    const { host } = await offering({ commands: [interactive("tasks")] });
    const fractions: (number | undefined)[] = [];
    const { output } = await host.commands.invoke("tasks", [], {
      onTask: ({ fraction }) => void fractions.push(fraction),
    });
    expect(output.map(({ kind }) => kind)).toEqual([
      "task.start",
      "task.update",
      ...Array.from({ length: 10 }, () => "task.log"),
      "task.done",
    ]);
    expect(fractions.slice(0, 3)).toEqual([undefined, 0.25, 0.25]);
    expect(host.tasks.of("offers-commands")).toEqual([
      {
        id: "t1",
        label: "Fetch",
        kind: "download",
        current: 1,
        total: 4,
        fraction: 0.25,
        message: "part",
        log: ["line 3", "line 4", "line 5", "line 6", "line 7", "line 8", "line 9", "line 10"],
        done: true,
        error: undefined,
      },
    ]);
  },
);

it(verifies("CMD-016") + "a host that stops gives up what runs", async () => {
  const { host } = await offering({ commands: [interactive("never")] });
  const running = host.commands.invoke("never");
  await until("it runs", () => statusOf(host, "offers-commands").process?.inFlight === 1);
  await host.stop();
  expect(await running).toMatchObject({ status: "cancelled" });
});

it(
  verifies("LAZY-090") +
    "a command starts an extension that waits for its first call; asking about it does not",
  async () => {
    const { host } = await offering({
      commands: [interactive("echo")],
      extension: { protocol_version: 3, activation: "first_event" },
    });
    expect(await host.ui.askInfo("offers-commands")).toEqual({ status: "none" });
    expect(statusOf(host, "offers-commands").process?.pid).toBeUndefined();
    expect((await host.commands.invoke("echo", ["x"])).output).toHaveLength(2);
    expect(statusOf(host, "offers-commands").state).toBe("running");
  },
);
