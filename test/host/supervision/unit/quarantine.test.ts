import { describe, expect, it } from "vitest";
import type { HostError } from "../../../../packages/host/src/errors.js";
import { well, type Script } from "../../../helpers/scripted-child.js";
import { supervised } from "./supervisor-kit.js";

const silent: Script = () => undefined;
const refuses: Script = (heard, child) =>
  heard.method === "initialize" ? { error: { code: 1, message: "no key" } } : void child.end({ code: 0 });

type Kit = ReturnType<typeof supervised>;

/** A supervisor whose earlier host put the extension into quarantine at that time. */
function quarantinedSince(since: number, scripts: Script[] = [well()]): Kit {
  return supervised(scripts, { quarantine: { since, reason: "it fell" } });
}

/** Waits for the probe, and makes the process that it started live. */
async function onProbation(scripts: Script[] = [well()]): Promise<Kit> {
  const kit = quarantinedSince(0, scripts);
  kit.begin();
  await kit.clock.pass(60_000);
  expect(kit.moves).toEqual(["loaded quarantined", "quarantined starting", "starting degraded"]);
  return kit;
}

describe("a quarantine of an earlier host", () => {
  it("goes on for the rest of its time, and then the extension is tried", async () => {
    const { supervisor, clock, children, moves, noted, begin } = quarantinedSince(-15_000);
    await clock.pass(5_000);
    const end = begin();
    await clock.pass(0);
    expect([end(), supervisor.state, supervisor.reason]).toEqual(["done", "quarantined", "it fell"]);
    await clock.pass(39_999);
    expect(children).toHaveLength(0);
    await clock.pass(1);
    expect(moves.slice(1)).toEqual(["quarantined starting", "starting degraded"]);
    expect([children.length, supervisor.restartCount, noted]).toEqual([1, 1, []]);
  });

  it("lasts no longer than a whole one, wherever the clock on the wall stands, and no less than nothing", async () => {
    for (const [since, ms] of [
      [1_000_000_000, 60_000],
      [0, 60_000],
      [-60_000, 0],
      [-1_000_000_000, 0],
    ] as const) {
      const { clock, children, begin } = quarantinedSince(since);
      begin();
      if (ms > 0) await clock.pass(ms - 1);
      expect(children).toHaveLength(0);
      await clock.pass(ms > 0 ? 1 : 0);
      expect(children).toHaveLength(1);
    }
  });

  it("ends with a stop, without a probe", async () => {
    const { clock, children, moves, begin, stop } = quarantinedSince(0);
    begin();
    await stop();
    await clock.pass(1_000_000);
    expect([children.length, moves, clock.armed]).toEqual([
      0,
      ["loaded quarantined", "quarantined stopped"],
      0,
    ]);
  });
});

describe("a probe", () => {
  it("that stays healthy long enough ends the quarantine for good", async () => {
    const { supervisor, clock, children, noted } = await onProbation();
    await clock.pass(4_999);
    expect(noted).toEqual([]);
    await clock.pass(1);
    expect(noted).toEqual([undefined]);
    // One crash means a restart again.
    children[0]?.end({ code: 1 });
    await clock.pass(10);
    expect([supervisor.state, noted.length]).toEqual(["degraded", 1]);
  });

  it("that crashes before means quarantine again at once", async () => {
    const { supervisor, clock, children, moves, noted, logged } = await onProbation();
    await clock.pass(4_999);
    children[0]?.end({ code: 1 });
    await clock.pass(0);
    expect(moves.slice(3)).toEqual(["degraded quarantined"]);
    expect(logged.at(-1)?.fields["next"]).toBe("quarantine");
    expect(noted).toEqual([{ since: 64_999, reason: supervisor.reason }]);
    expect(supervisor.reason).toContain("exited with code 1");
    // Its health counts for nothing any more.
    await clock.pass(59_999);
    expect([children.length, noted.length]).toEqual([1, 1]);
    await clock.pass(1);
    expect(children).toHaveLength(2);
  });

  it("that fails to start means quarantine again, is warned of, and is tried again later", async () => {
    const { supervisor, clock, children, moves, noted, logged, begin } = quarantinedSince(0, [refuses]);
    begin();
    await clock.pass(60_100);
    const reason = "Extension 'x' refused to start: it answered initialize with error 1: no key";
    expect(moves).toEqual(["loaded quarantined", "quarantined starting", "starting quarantined"]);
    expect(noted).toEqual([{ since: expect.any(Number), reason }]);
    expect(supervisor.reason).toBe(reason);
    expect(logged).toEqual([
      {
        level: "warn",
        message: "a quarantined extension failed when it was tried again",
        fields: { extension: "x", reason },
      },
    ]);
    await clock.pass(60_000);
    expect(children).toHaveLength(2);
  });

  it("that is stopped meanwhile ends without a word", async () => {
    const { supervisor, clock, moves, noted, logged, begin, stop } = quarantinedSince(0, [silent]);
    begin();
    await clock.pass(60_000);
    expect(supervisor.state).toBe("starting");
    await stop();
    expect([moves.at(-1), noted, logged, clock.armed]).toEqual(["starting stopped", [], [], 0]);
  });

  it("that was stopped while it was healthy notes nothing", async () => {
    const { clock, noted, stop } = await onProbation();
    await stop();
    await clock.pass(10_000);
    expect([noted, clock.armed]).toEqual([[], 0]);
  });
});

describe("a resume", () => {
  it("starts a quarantined extension at once, and forgives it here and in the record", async () => {
    const { supervisor, clock, children, moves, noted, begin } = quarantinedSince(0);
    begin();
    await clock.pass(10);
    const end = begin("resume");
    expect(noted).toEqual([undefined]);
    await clock.pass(0);
    expect([end(), supervisor.state, children.length]).toEqual(["done", "running", 1]);
    expect(moves).toEqual(["loaded quarantined", "quarantined starting", "starting running"]);
    // Neither the probe nor a probation is left.
    await clock.pass(100_000);
    expect(children).toHaveLength(1);
    children[0]?.end({ code: 1 });
    await clock.pass(10);
    expect(supervisor.state).toBe("degraded");
  });

  it("starts a failed extension, and says when it failed again", async () => {
    const { supervisor, clock, children, noted, begin } = supervised([refuses, refuses, well()]);
    begin();
    await clock.pass(100);
    const again = begin("resume");
    await clock.pass(100);
    expect((again() as HostError).code).toBe("HANDSHAKE_REFUSED");
    expect(supervisor.state).toBe("failed");
    const third = begin("resume");
    await clock.pass(100);
    expect([third(), supervisor.state, children.length, noted]).toEqual(["done", "running", 3, []]);
  });

  it("leaves one that runs alone, but forgets its crashes", async () => {
    const { supervisor, clock, children, noted, moves, begin } = supervised([well()]);
    begin();
    await clock.pass(0);
    for (const at of [0, 1]) {
      children[at]?.end({ code: 1 });
      await clock.pass(1_000);
    }
    const end = begin("resume");
    await clock.pass(0);
    expect([end(), noted, moves.at(-1)]).toEqual(["done", [], "restarting degraded"]);
    children[2]?.end({ code: 1 });
    // The first pause again, and no quarantine.
    await clock.pass(9);
    expect(children).toHaveLength(3);
    await clock.pass(1);
    expect([supervisor.state, children.length]).toEqual(["degraded", 4]);
  });

  it("ends a probation: one more crash means a restart", async () => {
    const { supervisor, clock, children, noted, begin } = await onProbation();
    begin("resume");
    expect(noted).toEqual([undefined]);
    children[0]?.end({ code: 1 });
    await clock.pass(10);
    expect([supervisor.state, noted.length]).toEqual(["degraded", 1]);
    await clock.pass(10_000);
    expect(noted).toHaveLength(1);
  });

  it("is refused once the extension is to stop", async () => {
    const { clock, noted, children, begin, stop } = supervised([well()]);
    begin();
    await clock.pass(0);
    await stop();
    const end = begin("resume");
    await clock.pass(0);
    expect((end() as HostError).code).toBe("HOST_STOPPED");
    expect([noted, children.length]).toEqual([[], 1]);
  });
});
