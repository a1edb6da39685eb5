import { rateLimit } from "@synaps/builtins";
import { agentCatalog, gatewayCatalog } from "@synaps/sdk/catalogs";
import { describe, expect, it, vi } from "vitest";
import { startedWith } from "../helpers/catalog-host.js";
import { FakeClock } from "../helpers/fake-clock.js";
import { verifies } from "../requirements/verifies.js";

const CONNECTION = "gateway.connection";
const THREAT = "gateway.security_event";
const peer = { peer_addr: "10.0.0.9:5000", peer_ip: "10.0.0.9" };
const connection = { kind: CONNECTION, data: peer } as const;
const component = { type: "agent", name: "writer" } as const;

describe(verifies("BUILTIN-006") + "security events of a rate limit", () => {
  it("tell gateways who was refused and why, at most so many in a second, and how many were left out", async () => {
    const { host } = await startedWith(gatewayCatalog);
    const clock = new FakeClock();
    const told: unknown[] = [];
    host.subscribe(THREAT, ({ data }) => void told.push(data));
    const limit = rateLimit({
      kinds: [CONNECTION],
      capacity: 1,
      refillPerMinute: 1,
      clock,
      raise: (event) => host.emit(event),
      raisePerSecond: 2,
    });
    await host.use(limit);
    const flood = async () => {
      for (let n = 0; n < 1_000; n += 1) await host.emit(connection);
    };
    await flood();
    await clock.pass(500);
    await flood();
    expect(told).toMatchObject([{ not_raised: 0 }, { not_raised: 0 }, { not_raised: 997 }]);
    expect(told[2]).toEqual({
      event_type: "rate_limit",
      action: "block",
      reason: expect.stringMatching(
        /^The rate limit 'rate_limit' is reached: at most 1 at once.*Try again in 60 s$/,
      ),
      severity: "medium",
      hook: "rate_limit",
      refused_kind: CONNECTION,
      not_raised: 997,
      peer_addr: peer.peer_addr,
    });
    expect(limit.counts()).toMatchObject({ refused: 1_999, raised: 3, notRaised: 1_996, raiseFailed: 0 });
  });

  it("tell agents which component was refused", async () => {
    const { host } = await startedWith(agentCatalog);
    const told: unknown[] = [];
    host.subscribe("agent.security_violation", ({ data }) => void told.push(data));
    await host.use(
      rateLimit({
        kinds: ["agent.before_agent_execution"],
        capacity: 1,
        refillPerSecond: 1,
        clock: new FakeClock(),
        raise: (event) => host.emit(event),
        raiseAs: "agent",
      }),
    );
    const event = { kind: "agent.before_agent_execution", data: { component, session_id: "s-1" } } as const;
    expect([(await host.emit(event)).action, (await host.emit(event)).action]).toEqual(["continue", "block"]);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told).toMatchObject([
      { component, session_id: "s-1", metadata: { event_type: "rate_limit", refused_kind: event.kind } },
    ]);
  });

  it("are not raised for a security event that was refused", async () => {
    const { host } = await startedWith(gatewayCatalog);
    const limit = rateLimit({
      kinds: [CONNECTION, THREAT],
      capacity: 1,
      refillPerSecond: 1,
      clock: new FakeClock(),
      raise: (event) => host.emit(event),
      raisePerSecond: 10_000,
    });
    await host.use(limit);
    for (let n = 0; n < 10; n += 1) await host.emit(connection);
    // One allowed; the others raised one event each, which was refused and raised nothing.
    expect(limit.counts()).toMatchObject({ allowed: 1, refused: 18, raised: 9, notRaised: 0 });
  });

  it("raise nothing while an event is raised, whatever the program raises", async () => {
    const clock = new FakeClock();
    let depth = 0;
    const refuse = (): void => void limit.answer(connection, { annotate() {} });
    const limit = rateLimit({
      kinds: [CONNECTION],
      capacity: 1,
      refillPerSecond: 1,
      clock,
      raise: () => {
        depth += 1;
        refuse();
      },
    });
    refuse();
    refuse();
    expect([depth, limit.counts().raised, limit.counts().notRaised]).toEqual([1, 1, 1]);
  });

  it("that cannot be raised are told as a warning of the process, and refuse nevertheless", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const { host } = await startedWith(gatewayCatalog);
    const raises = [() => Promise.reject(new Error("the host stops")), () => fail("it is broken")];
    for (const [n, raise] of raises.entries()) {
      const id = `limit-${n}`;
      const limit = rateLimit({
        id,
        kinds: [CONNECTION],
        capacity: 1,
        refillPerSecond: 1,
        raise,
        clock: new FakeClock(),
      });
      const unregister = await host.use(limit);
      for (const expected of ["continue", "block", "block"])
        expect((await host.emit(connection)).action).toBe(expected);
      await unregister();
      expect(limit.counts().raiseFailed).toBe(2);
    }
    expect(warned.mock.calls).toEqual([
      ["limit-0: a security event could not be raised: the host stops", "SynapsBuiltIn"],
      ["limit-1: a security event could not be raised: it is broken", "SynapsBuiltIn"],
    ]);
    warned.mockRestore();
  });
});

function fail(why: string): never {
  throw new Error(why);
}
