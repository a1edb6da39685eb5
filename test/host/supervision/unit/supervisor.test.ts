import { describe, expect, it } from "vitest";
import { HostError } from "../../../../packages/host/src/errors.js";
import { well, type Script } from "../../../helpers/scripted-child.js";
import { supervised } from "./supervisor-kit.js";

const silent: Script = () => undefined;
const refuses: Script = (heard, child) =>
  heard.method === "initialize" ? { error: { code: 1, message: "no key" } } : void child.end({ code: 0 });

describe("a start", () => {
  it("makes a process live", async () => {
    const { supervisor, clock, children, moves, told, begin } = supervised([well()]);
    const end = begin();
    expect([supervisor.state, supervisor.generation, supervisor.handshake]).toEqual([
      "starting",
      undefined,
      undefined,
    ]);
    await clock.pass(0);
    expect(end()).toBe("done");
    expect(moves).toEqual(["loaded starting", "starting running"]);
    expect(told).toEqual([["live", 100]]);
    expect(supervisor.generation?.child).toBe(children[0]);
    expect(supervisor.handshake?.features).toEqual(new Set());
    expect([supervisor.restartCount, supervisor.reason, supervisor.failure]).toEqual([
      0,
      undefined,
      undefined,
    ]);
  });

  it("that fails is the reason, once and for all", async () => {
    const { supervisor, clock, children, moves, told, begin } = supervised([refuses]);
    const end = begin();
    await clock.pass(1_000);
    expect(end()).toBe(supervisor.failure);
    expect(supervisor.failure).toBeInstanceOf(HostError);
    expect(supervisor.reason).toBe(supervisor.failure?.message);
    expect(moves).toEqual(["loaded starting", "starting failed"]);
    expect([children.length, told, supervisor.generation]).toEqual([1, [], undefined]);
    await clock.pass(1_000_000);
    expect(children).toHaveLength(1);
  });

  it("that is stopped meanwhile ends as stopped, and leaves no process", async () => {
    const { supervisor, clock, children, moves, begin, stop } = supervised([silent]);
    const end = begin();
    await clock.pass(0);
    expect(supervisor.stopRequested).toBe(false);
    await stop();
    expect(supervisor.stopRequested).toBe(true);
    expect(moves).toEqual(["loaded starting", "starting stopped"]);
    expect(end()).toBeInstanceOf(HostError);
    expect([supervisor.reason, supervisor.failure]).toEqual([undefined, undefined]);
    expect(children[0]?.done.at(-1)).toBe("released");
    expect(clock.armed).toBe(0);
  });

  it("after a stop is none", async () => {
    const { children, begin, stop, clock, moves } = supervised([well()]);
    await stop();
    expect(moves).toEqual(["loaded stopped"]);
    expect(begin("resume")()).toBe("open");
    await clock.pass(0);
    expect(children).toHaveLength(0);
  });
});

describe("a stop", () => {
  it("lets the work end first, asks the process to end, and is one move", async () => {
    const { supervisor, clock, children, moves, told, begin } = supervised([well()]);
    begin();
    await clock.pass(0);
    let drained = (): void => {};
    const stopped = supervisor.stop(() => new Promise((resolve) => (drained = resolve)));
    await clock.pass(1_000);
    expect(children[0]?.methods()).toEqual(["initialize"]);
    drained();
    await clock.pass(100);
    await stopped;
    expect(children[0]?.methods()).toEqual(["initialize", "shutdown"]);
    expect(moves.slice(2)).toEqual(["running stopped"]);
    expect(told).toHaveLength(1);
    await supervisor.stop(() => Promise.resolve());
    expect(moves).toHaveLength(3);
  });

  it("during a restart waits for no pause, and starts nothing", async () => {
    const { supervisor, clock, children, moves, begin, stop } = supervised([well()]);
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(9);
    expect(supervisor.state).toBe("restarting");
    await stop();
    await clock.pass(10_000);
    expect(moves.slice(2)).toEqual(["running restarting", "restarting stopped"]);
    expect([children.length, clock.armed, supervisor.restartCount]).toEqual([1, 0, 0]);
  });

  it("during the handshake of a restart ends that process, too, without a word", async () => {
    const { clock, children, moves, warnings, begin, stop } = supervised([well(), silent]);
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(20);
    expect(children).toHaveLength(2);
    await stop();
    expect(moves.slice(2)).toEqual(["running restarting", "restarting stopped"]);
    expect(warnings()).toEqual(["extension crashed"]);
    expect([children[1]?.exit !== undefined, clock.armed]).toEqual([true, 0]);
  });
});

describe("a crash", () => {
  it("is told, and the process is started again after a pause", async () => {
    const { supervisor, clock, children, moves, told, logged, begin } = supervised([well()]);
    begin();
    await clock.pass(0);
    const [first] = children;
    if (first) first.lines = ["last words"];
    first?.end({ code: 3 });
    await clock.pass(9);
    expect(moves.slice(2)).toEqual(["running restarting"]);
    expect(told.slice(1)).toEqual([["exited", true, "restarting"]]);
    const reason = "the process exited with code 3 while its work; last on stderr: last words";
    expect([supervisor.reason, supervisor.generation, supervisor.restartCount]).toEqual([
      reason,
      undefined,
      0,
    ]);
    expect(logged).toEqual([
      {
        level: "warn",
        message: "extension crashed",
        fields: {
          extension: "x",
          reason,
          hint: "Correct what its last words say, or start its command by hand in its folder.",
          next: "restart",
        },
      },
    ]);
    expect(first?.done).toEqual(["released"]);
    await clock.pass(1);
    expect(moves.slice(3)).toEqual(["restarting degraded"]);
    expect([children.length, supervisor.restartCount, supervisor.generation?.child]).toEqual([
      2,
      1,
      children[1],
    ]);
    expect(told.slice(2)).toEqual([["live", 101]]);
  });

  it("ends what is open after the move, so that it finds the new state", async () => {
    const { supervisor, clock, children, begin } = supervised([well()]);
    begin();
    await clock.pass(0);
    const reply = supervisor.generation?.connection.request("hook.handle", "{}", 1_000);
    const seen = reply?.then(({ type }) => `${type} ${supervisor.state}`);
    children[0]?.end({ code: 3 });
    await clock.pass(5);
    expect(await seen).toBe("closed restarting");
  });

  it("is followed by longer pauses, and by quarantine when there were too many", async () => {
    const { supervisor, clock, children, moves, noted, logged, told, begin } = supervised([well()]);
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(10);
    children[1]?.end({ code: 1 });
    await clock.pass(19);
    expect(children).toHaveLength(2);
    await clock.pass(1);
    expect(children).toHaveLength(3);
    const atMs = clock.wallMs();
    children[2]?.end({ code: 1 });
    await clock.pass(0);
    expect(moves.slice(-2)).toEqual(["restarting degraded", "degraded quarantined"]);
    expect(told.at(-1)).toEqual(["exited", true, "quarantined"]);
    expect(noted).toEqual([{ since: atMs, reason: supervisor.reason }]);
    expect(logged.map(({ fields }) => fields["next"])).toEqual(["restart", "restart", "quarantine"]);
    await clock.pass(59_999);
    expect(children).toHaveLength(3);
    await clock.pass(1);
    expect(children).toHaveLength(4);
  });

  it("after long enough health is followed by a short pause again", async () => {
    const { clock, children, begin } = supervised([well()]);
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(10);
    await clock.pass(5_000);
    children[1]?.end({ code: 1 });
    await clock.pass(10);
    expect(children).toHaveLength(3);
  });

  it("has a pause by chance, so that not all come back together", async () => {
    const { clock, children, begin } = supervised([well()], { random: () => 0.5 });
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(4);
    expect(children).toHaveLength(1);
    await clock.pass(1);
    expect(children).toHaveLength(2);
  });
});

describe("a process that is taken down", () => {
  it("falls for the host's first reason, not by itself", async () => {
    const { supervisor, clock, children, told, logged, begin } = supervised([well()]);
    supervisor.takeDown("too early");
    begin();
    supervisor.takeDown("too early");
    await clock.pass(0);
    supervisor.takeDown("it is stuck");
    supervisor.takeDown("another reason");
    await clock.pass(10);
    expect(children[0]?.done).toEqual(["SIGKILL", "SIGKILL", "released"]);
    expect(told.slice(1, 2)).toEqual([["exited", false, "restarting"]]);
    expect(supervisor.reason).toBe(
      "it is stuck; the process was ended by SIGKILL while its work; it wrote nothing to stderr",
    );
    expect(logged[0]?.fields["hint"]).toBe(
      "Answer within the deadline and keep reading standard input: do slow work in the background.",
    );
    children[1]?.end({ code: 1 });
    await clock.pass(0);
    expect(supervisor.reason).toBe(
      "the process exited with code 1 while its work; it wrote nothing to stderr",
    );
    expect(told.at(-1)).toEqual(["exited", true, "restarting"]);
  });

  it("because it closed its output falls by itself, and its report says so", async () => {
    const { supervisor, clock, children, told, begin } = supervised([well()]);
    begin();
    await clock.pass(0);
    children[0]?.stdout.emit("end");
    await clock.pass(5);
    expect(told.at(-1)).toEqual(["exited", true, "restarting"]);
    expect(supervisor.reason).toMatch(/^it closed its standard output; the process was ended by SIGKILL/);
  });
});

describe("a restart that fails", () => {
  it("is tried again with a longer pause, and given up after the third in a row", async () => {
    const { supervisor, clock, children, moves, warnings, logged, begin } = supervised([well(), refuses]);
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(29);
    expect([children.length, supervisor.state]).toEqual([2, "restarting"]);
    await clock.pass(1_000);
    expect([children.length, supervisor.state, supervisor.restartCount]).toEqual([4, "failed", 3]);
    expect(moves.slice(2)).toEqual(["running restarting", "restarting failed"]);
    const failed = "extension could not be restarted";
    expect(warnings()).toEqual(["extension crashed", failed, failed, failed]);
    const reason = "Extension 'x' refused to start: it answered initialize with error 1: no key";
    expect(logged.at(-1)?.fields).toEqual({ extension: "x", reason });
    expect([supervisor.reason, supervisor.failure?.code]).toEqual([reason, "HANDSHAKE_REFUSED"]);
  });

  it("counts no more once one succeeded", async () => {
    const { supervisor, clock, children, begin } = supervised([well(), refuses, refuses, well(), refuses]);
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(500);
    expect([children.length, supervisor.state]).toEqual([4, "degraded"]);
    children[3]?.end({ code: 1 });
    await clock.pass(10_000);
    expect([children.length, supervisor.state]).toEqual([7, "failed"]);
  });

  it("has less time for its handshake than a first start", async () => {
    const { clock, children, warnings, begin } = supervised([well(), silent]);
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(10 + 49);
    expect(children[1]?.methods()).toEqual(["initialize"]);
    await clock.pass(20);
    expect(warnings()).toEqual(["extension crashed", "extension could not be restarted"]);
  });
});
