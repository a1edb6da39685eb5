import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HostError } from "../../../../packages/host/src/errors.js";
import { rawFrame } from "../../../helpers/frames.js";
import { tempDir } from "../../../helpers/temp.js";
import { generation } from "./generation-kit.js";
import { loadedExtension } from "./loaded-kit.js";

it("a process is gone when its last output was read, or after a moment when somebody else holds the pipe", async () => {
  const { made, child, clock } = generation(undefined, undefined, {}, { exitDrainMs: 50 });
  await made.shakeHands(true);
  let gone = false;
  void made.gone.then(() => (gone = true));
  const { stdout } = child;
  stdout.end = () => stdout;
  child.end({ code: 0 });
  await clock.pass(49);
  expect(gone).toBe(false);
  await clock.pass(1);
  expect(gone).toBe(true);
  const other = generation(undefined, undefined, {}, { exitDrainMs: 50 });
  await other.made.shakeHands(true);
  other.child.end({ code: 0 });
  await other.made.gone;
  expect(other.clock.now()).toBe(0);
});

it("an answer that arrives right behind the exit counts", async () => {
  const { made, child, clock } = generation();
  await made.shakeHands(true);
  const reply = made.connection.request("hook.handle", "{}", 1_000);
  await clock.pass(0);
  const { stdout } = child;
  const end = stdout.end.bind(stdout);
  stdout.end = () => stdout;
  child.end({ code: 0 });
  await clock.pass(10);
  child.say({ id: child.heard[1]?.id, result: 5 });
  end();
  expect(await reply).toEqual({ type: "result", result: 5 });
});

it("a process that ends by itself when its output ends has no fault", async () => {
  const { made, child, clock } = generation();
  await made.shakeHands(true);
  child.end({ code: 0 });
  await clock.pass(1_000);
  await made.gone;
  expect([made.fault, child.done]).toEqual([undefined, []]);
});

describe("a handshake that failed", () => {
  const usual = "Start its command by hand in its folder and read what it prints.";

  /** The message and the hint with which a handshake ends, once this was done to the process. */
  async function failure(
    act: (made: ReturnType<typeof generation>) => void,
    command = "/none/main",
  ): Promise<unknown> {
    const made = generation(
      () => undefined,
      loadedExtension({}, { command }),
      {},
      { handshakeMs: 10, exitDrainMs: 5 },
    );
    made.child.mortal = [];
    const failed = made.made.shakeHands(true).catch(({ message, hint }: HostError) => [message, hint]);
    await made.clock.pass(0);
    act(made);
    await made.clock.pass(5);
    made.child.end({ code: 1 });
    await made.clock.pass(10_000);
    return failed;
  }

  /** A program of which no system reads the first line. */
  function marked(): string {
    const path = join(tempDir(), "main");
    writeFileSync(path, "\ufeff#!/bin/sh\n");
    return path;
  }

  it("has the remedy of the program's files when the process ended by itself", async () => {
    const path = marked();
    expect(await failure(({ child }) => child.end({ code: 1 }), path)).toEqual([
      expect.stringContaining("begins with a byte order mark"),
      `Save '${path}' as UTF-8 without a byte order mark.`,
    ]);
    expect(await failure(({ child }) => child.end({ code: 1 }))).toEqual([expect.any(String), usual]);
  });

  it("has the usual remedy when the host ended the process", async () => {
    const message = "Extension 'x' ended before its handshake: it closed its standard output";
    expect(await failure(({ child }) => void child.stdout.emit("end"), marked())).toEqual([message, usual]);
  });

  it("says what came that is JSON but no message", async () => {
    expect(
      await failure(({ child, clock }) => {
        child.print(rawFrame("[]"));
        void clock.jump(10);
      }),
    ).toEqual([
      expect.stringMatching(
        /it sent JSON that is no message of the protocol: batches are not supported: "\[\]"$/,
      ),
      expect.stringContaining('Answer with {jsonrpc: "2.0", id, result}'),
    ]);
  });

  it("is told as the end of a process whose input cannot be written", async () => {
    const { made, child, clock } = generation(() => undefined);
    child.stdin.destroy();
    const failed = made.shakeHands(true).catch(({ message, hint }: HostError) => [message, hint]);
    await clock.pass(10_000);
    const end = "the process is gone while starting; it wrote nothing to stderr";
    expect(await failed).toEqual([`Extension 'x' ended before its handshake: ${end}`, usual]);
  });
});
