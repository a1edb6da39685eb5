import { defineExtension, defineHook, inject } from "@synaps/sdk";
import { createHarness, events, spawnHarness, type SpawnHarnessOptions } from "@synaps/sdk/testing";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HARNESS, SPAWN_HARNESS } from "../../../packages/sdk/src/testing/option-checks.js";
import { authorFolder, manifestFor, runProgram } from "../../helpers/author-program.js";
import { SDK_FIXTURES, spawnFixture } from "../../helpers/sdk-children.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

const event = events.before_message({ message: "hello" });
const node = { command: process.execPath, cwd: SDK_FIXTURES };
const echo = defineHook("before_message", ({ message }) => inject(message));

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

describe(verifies("AUTH-012") + "the options of a harness", () => {
  it("have a suggestion for each key with one letter changed", async () => {
    for (const [shape, start] of [
      [SPAWN_HARNESS, (options: object) => spawnHarness({ command: "none", ...options })],
      [HARNESS, (options: object) => createHarness(echo, options)],
    ] as const) {
      for (const key of Object.keys(shape)) {
        const wrong = `${key.slice(0, -1)}${key.endsWith("x") ? "y" : "x"}`;
        await expect(start({ [wrong]: undefined })).rejects.toThrow(
          `the options: unknown key '${wrong}'. Did you mean '${key}'?`,
        );
      }
    }
  });

  it.each([
    [{}, "spawnHarness: the options: 'command', a string, is missing."],
    [
      { command: "node", args: "main.mjs" },
      "spawnHarness: the options: 'args' must be a list, not a string.",
    ],
    [{ command: 5 }, "spawnHarness: the options: 'command' must be a string, not a number."],
  ])("are refused by type: %j", async (options, message) => {
    await expect(spawnHarness(options as SpawnHarnessOptions)).rejects.toThrow(new TypeError(message));
  });
});

it(
  verifies("AUTH-013") + "a failing test with a child that was never stopped ends, and the child with it",
  async () => {
    const test = `import { spawnHarness, events } from "@synaps/sdk/testing";
import { writeFileSync } from "node:fs";
import assert from "node:assert";
import test from "node:test";
test("fails before it stops its child", async () => {
  const child = await spawnHarness({ command: process.execPath, args: ["main.mjs"] });
  writeFileSync("pid", String(child.pid));
  const verdict = await child.send(events.before_message({ message: "hi" }));
  assert.equal(verdict.action, "block");
});`;
    const main = `import { defineHook, inject, serve } from "@synaps/sdk";
setInterval(() => {}, 1_000);
serve(defineHook("before_message", () => inject("x")));`;
    const folder = authorFolder({
      "main.mjs": main,
      "mine.test.mjs": test,
      ".synaps-plugin/plugin.json": manifestFor(["before_message"]),
    });
    const { code, stdout } = await runProgram(folder, { args: ["--test", "mine.test.mjs"] });
    expect([code, stdout]).toEqual([1, expect.stringContaining("inject")]);
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    await until("the child has ended", () => isGone(pid));
  },
);

describe(verifies("AUTH-014") + "a signal", () => {
  it("ends a child at once, with its reason for all that waits", async () => {
    const controller = new AbortController();
    const child = await spawnFixture("stop-hangs.mjs", { signal: controller.signal });
    const waiting = child.request("nothing", null).then(
      () => child.stop(),
      () => child.stop(),
    );
    controller.abort(new Error("enough"));
    expect(await child.exited).toEqual({ code: null, signal: "SIGKILL" });
    await expect(child.send(event)).rejects.toThrow("enough");
    await waiting;
  });

  it("ends a start, also before it began", async () => {
    const controller = new AbortController();
    const start = spawnHarness({ ...node, args: ["never-answers.mjs"], signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(start).rejects.toThrow("enough");
    await expect(spawnHarness({ ...node, signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
      "before",
    );
    await expect(createHarness(echo, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
      "before",
    );
  });

  it("ends a harness in this process", async () => {
    const controller = new AbortController();
    const harness = await createHarness(echo, { signal: controller.signal });
    expect(await harness.send(event)).toMatchObject({ action: "inject" });
    controller.abort(new Error("enough"));
    await expect(harness.send(event)).rejects.toThrow("enough");
    await harness[Symbol.asyncDispose]();
  });
});

it(verifies("AUTH-014") + "await using stops a harness and a child", async () => {
  let stops = 0;
  let exited: Promise<unknown> | undefined;
  {
    await using harness = await createHarness(defineExtension({ stop: () => void (stops += 1) }));
    await using child = await spawnFixture("counts.mjs");
    exited = child.exited;
    expect(harness.initialized.protocol_version).toBe(3);
  }
  expect(stops).toBe(1);
  expect(await exited).toEqual({ code: 0, signal: null });
});

describe(verifies("AUTH-015") + "what a child wrote to standard error", () => {
  const program = (body: string): Promise<unknown> =>
    spawnHarness({ ...node, args: ["-e", `console.error('some words'); ${body}`], handshakeMs: 2_000 });

  it("is in the errors of the start", async () => {
    await expect(program("setInterval(() => {}, 1000)")).rejects.toThrow(/within 2000 ms\nsome words/);
    await expect(program("process.exit(3)")).rejects.toThrow(/ended with code 3\nsome words/);
  });

  it("is the cause of an error that a handler throws", async () => {
    const child = await spawnFixture("counts.mjs", { config: { limit: "0" } });
    const error = await child.send(event).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: "too many messages",
      cause: { message: expect.stringContaining("started as fixtures") as string },
    });
  });
});
