import { describe, expect, it, onTestFinished } from "vitest";
import type { SpawnRequest } from "../../../../packages/host/src/transport/process/child.js";
import { atExit } from "../../../../packages/host/src/transport/process/at-exit.js";
import { drained } from "../../../../packages/host/src/transport/process/drained.js";
import {
  endedWithin,
  endGroup,
  terminate,
} from "../../../../packages/host/src/transport/process/terminate.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { ScriptedChild } from "../../../helpers/scripted-child.js";

const REQUEST: SpawnRequest = { command: "main", args: [], cwd: "/", env: {}, onStderrLine() {} };
const LIMITS = { shutdownMs: 10, stdinEndMs: 20, sigtermMs: 40 };

function child(mortal: readonly string[] = ["SIGTERM", "SIGKILL"]) {
  const clock = new FakeClock();
  const made = new ScriptedChild(REQUEST, clock, 7, () => undefined);
  made.mortal = mortal;
  return { clock, made };
}

/** The end of a promise so far. */
function endOf<T>(promise: Promise<T>): () => T | "open" {
  let end: T | "open" = "open";
  void promise.then((value) => (end = value));
  return () => end;
}

describe("the end of a process", () => {
  it("takes no step when it is gone: what is left of it is let go", async () => {
    const { made } = child();
    made.end({ code: 0 });
    expect(await terminate(made, () => expect.unreachable(), LIMITS)).toBe("gone");
    expect(made.done).toEqual(["released"]);
  });

  it("is asked for first", async () => {
    const { clock, made } = child();
    const end = endOf(terminate(made, () => Promise.resolve(), LIMITS));
    await clock.pass(9);
    made.end({ code: 0 });
    await clock.pass(1);
    expect([end(), made.done, clock.armed]).toEqual(["shutdown", ["released"], 0]);
  });

  it("comes with the end of its input, once the question has ended", async () => {
    const { clock, made } = child();
    const end = endOf(
      terminate(made, () => new Promise<void>((answer) => clock.after(15, () => answer())), LIMITS),
    );
    await clock.pass(14);
    expect(made.done).toEqual([]);
    await clock.pass(1);
    expect(made.done).toEqual(["end of input"]);
    await clock.pass(19);
    made.end({ code: 0 });
    await clock.pass(0);
    expect([end(), made.done]).toEqual(["stdin_end", ["end of input", "released"]]);
  });

  it("comes with harder and harder signals, each after its own time", async () => {
    const { clock, made } = child(["SIGKILL"]);
    const end = endOf(terminate(made, () => Promise.resolve(), LIMITS));
    await clock.pass(29);
    expect(made.done).toEqual(["end of input"]);
    await clock.pass(1);
    expect(made.done).toEqual(["end of input", "SIGTERM"]);
    await clock.pass(39);
    expect(made.done).toHaveLength(2);
    await clock.pass(1);
    expect([end(), made.done]).toEqual(["sigkill", ["end of input", "SIGTERM", "SIGKILL", "released"]]);
    const soft = child();
    const softEnd = endOf(terminate(soft.made, () => Promise.resolve(), LIMITS));
    await soft.clock.pass(30);
    expect([softEnd(), soft.made.done]).toEqual(["sigterm", ["end of input", "SIGTERM", "released"]]);
  });
});

describe("the end of a group that nobody can ask", () => {
  it("is SIGTERM, and SIGKILL after its time", async () => {
    const { clock, made } = child(["SIGKILL"]);
    const end = endOf(endGroup(made, 40).then(() => "over"));
    expect(made.done).toEqual(["SIGTERM"]);
    await clock.pass(39);
    expect([end(), made.done]).toEqual(["open", ["SIGTERM"]]);
    await clock.pass(1);
    expect([end(), made.done]).toEqual(["over", ["SIGTERM", "SIGKILL", "released"]]);
  });

  it("is SIGTERM alone for one that heeds it, and nothing for one that is gone", async () => {
    const { made } = child();
    await endGroup(made, 40);
    expect(made.done).toEqual(["SIGTERM", "released"]);
    const gone = child();
    gone.made.end({ code: 0 });
    await endGroup(gone.made, 40);
    expect(gone.made.done).toEqual(["released"]);
  });
});

it("a process ends within a time or it does not", async () => {
  const { clock, made } = child();
  const late = endOf(endedWithin(made, 10));
  await clock.pass(10);
  expect(late()).toBe(false);
  const inTime = endOf(endedWithin(made, 10));
  made.end({ code: 0 });
  await clock.pass(0);
  expect(inTime()).toBe(true);
});

describe("the last output", () => {
  it("is waited for on both streams, whether they end or close", async () => {
    const { clock, made } = child();
    const end = endOf(drained(made, 100).then(() => "over"));
    made.stdout.emit("end");
    await clock.pass(0);
    expect(end()).toBe("open");
    made.stderr.emit("close");
    await clock.pass(0);
    expect([end(), clock.armed]).toEqual(["over", 0]);
    const other = child();
    const otherEnd = endOf(drained(other.made, 100).then(() => "over"));
    other.made.stderr.emit("end");
    other.made.stdout.emit("close");
    await other.clock.pass(0);
    expect(otherEnd()).toBe("over");
  });

  it("is waited for no longer than its time: a grandchild may hold the pipes", async () => {
    const { clock, made } = child();
    const end = endOf(drained(made, 100).then(() => "over"));
    await clock.pass(99);
    expect(end()).toBe("open");
    await clock.pass(1);
    expect(end()).toBe("over");
  });

  it("is there when the streams were read to their ends, or were let go", async () => {
    const { clock, made } = child();
    made.stdout.resume();
    made.stdout.end();
    await clock.pass(0);
    await clock.pass(0);
    made.stderr.destroy();
    await clock.pass(0);
    expect(made.stdout.readableEnded).toBe(true);
    const end = endOf(drained(made, 100).then(() => "over"));
    await clock.pass(0);
    expect(end()).toBe("over");
  });
});

describe("what is to be done when the program ends", () => {
  it("is done for all by one listener, whatever one of them throws, and can be taken back", () => {
    const before = process.listeners("exit");
    const added = (): NodeJS.ExitListener[] =>
      process.listeners("exit").filter((listener) => !before.includes(listener));
    const did: string[] = [];
    const first = atExit(() => {
      did.push("first");
      throw new Error("no");
    });
    const second = atExit(() => void did.push("second"));
    onTestFinished(() => [first, second].forEach((takeBack) => takeBack()));
    expect(added()).toHaveLength(1);
    added()[0]?.(0);
    expect(did).toEqual(["first", "second"]);
    first();
    first();
    expect(added()).toHaveLength(1);
    added()[0]?.(0);
    expect(did).toEqual(["first", "second", "second"]);
    second();
    expect(added()).toHaveLength(0);
    second();
    const again = atExit(() => void did.push("again"));
    expect(added()).toHaveLength(1);
    again();
    expect(added()).toHaveLength(0);
  });

  it("is done as often as it was asked for", () => {
    const did: number[] = [];
    const run = (): void => void did.push(1);
    const before = process.listeners("exit");
    const takeBacks = [atExit(run), atExit(run)];
    const [listener] = process.listeners("exit").filter((one) => !before.includes(one));
    listener?.(0);
    for (const takeBack of takeBacks) takeBack();
    expect(did).toEqual([1, 1]);
  });
});
