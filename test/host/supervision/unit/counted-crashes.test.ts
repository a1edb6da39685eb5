import { describe, expect, it } from "vitest";
import type { HostError } from "../../../../packages/host/src/errors.js";
import { well, type Script } from "../../../helpers/scripted-child.js";
import { supervised } from "./supervisor-kit.js";

const silent: Script = () => undefined;

describe("crashes", () => {
  it("count for their window, whatever health lies between them", async () => {
    const { supervisor, clock, children, begin } = supervised([well()]);
    begin();
    await clock.pass(0);
    for (const at of [0, 1, 2]) {
      await clock.pass(20_000);
      expect(supervisor.generation?.child).toBe(children[at]);
      children[at]?.end({ code: 1 });
      await clock.pass(10);
    }
    expect(supervisor.state).toBe("quarantined");
  });

  it("are followed by longer pauses unless the process itself was up for long", async () => {
    const { clock, children, begin } = supervised([well()]);
    await clock.pass(4_000);
    begin();
    await clock.pass(0);
    children[0]?.end({ code: 1 });
    await clock.pass(10);
    await clock.pass(4_000);
    children[1]?.end({ code: 1 });
    await clock.pass(19);
    expect(children).toHaveLength(2);
    await clock.pass(1);
    expect(children).toHaveLength(3);
  });
});

describe("a first start", () => {
  it("has more time for its handshake than a restart", async () => {
    const { clock, children, begin } = supervised([silent]);
    begin();
    await clock.pass(99);
    expect(children[0]?.methods()).toEqual(["initialize"]);
    await clock.pass(1);
    expect(children[0]?.methods()).toEqual(["initialize", "shutdown"]);
  });

  it("that is stopped lets go of its process at once", async () => {
    const { supervisor, clock, children, begin, stop } = supervised([silent]);
    begin();
    await clock.pass(0);
    const stopped = supervisor.stop(() => expect.unreachable());
    expect(children[0]?.done).toEqual(["released"]);
    await clock.pass(0);
    await stopped;
    await stop();
  });

  it("that begins while the extension stops makes no process", async () => {
    const { supervisor, clock, children, moves, begin } = supervised([well()]);
    const stopped = supervisor.stop(() => Promise.resolve());
    const end = begin();
    await clock.pass(0);
    await stopped;
    expect((end() as HostError).code).toBe("HOST_STOPPED");
    expect([children, moves.at(-1)]).toEqual([[], "starting stopped"]);
  });

  it("that is stopped in the moment of its handshake does not become live", async () => {
    let stopped: Promise<void> | undefined;
    const kit: ReturnType<typeof supervised> = supervised([
      ({ method, id }, child) => {
        if (method !== "initialize") return;
        child.say({ id, result: { protocol_version: 3 } });
        stopped = kit.supervisor.stop(() => Promise.resolve());
      },
    ]);
    kit.begin();
    await kit.clock.pass(0);
    await kit.clock.pass(100);
    await stopped;
    expect([kit.moves, kit.told]).toEqual([["loaded starting", "starting stopped"], []]);
    expect(kit.children[0]?.exit).toBeDefined();
  });
});
