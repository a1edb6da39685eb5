import { RATE_PRESETS, rateLimit, type KeyPart, type RateLimitOptions } from "@synaps/builtins";
import { agentCatalog, gatewayCatalog, synapsCatalog } from "@synaps/sdk/catalogs";
import { defineCatalog } from "@synaps/sdk/protocol";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startedWith } from "../helpers/catalog-host.js";
import { FakeClock } from "../helpers/fake-clock.js";
import { startedHost } from "../helpers/hosts.js";
import { FIXTURES } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";

const BEFORE = "before_tool_call";
const call = (tool_name = "bash", session_id = "s-1") => ({ kind: BEFORE, tool_name, session_id }) as const;

/** Numbers of allowed events, one after the other, until the first refusal of each. */
async function countAllowed<E>(emit: (event: E) => Promise<{ action: string }>, event: E): Promise<number> {
  for (let allowed = 0; ; allowed += 1) if ((await emit(event)).action !== "continue") return allowed;
}

describe(verifies("BUILTIN-003") + "a rate limit", () => {
  it("refuses beyond its rate, says when to come again, and lets it through then", async () => {
    const clock = new FakeClock();
    const { host } = await startedWith(synapsCatalog);
    const limit = rateLimit({ kinds: [BEFORE], capacity: 10, refillPerMinute: 20, clock });
    await host.use(limit);
    const emit = () => host.emit(call());
    const outcomes = [];
    for (let n = 0; n < 11; n += 1) outcomes.push(await emit());
    expect(outcomes.map(({ action }) => action)).toEqual([...Array(10).fill("continue"), "block"]);
    expect(outcomes.map(({ annotations }) => annotations?.["rate_limit"]?.value)).toEqual([
      ...Array(7).fill(undefined),
      { limit: 10, remaining: 2, reset_seconds: 24, warning: true },
      { limit: 10, remaining: 1, reset_seconds: 27, warning: true },
      { limit: 10, remaining: 0, reset_seconds: 30, warning: true },
      { limit: 10, remaining: 0, reset_seconds: 30, retry_after_seconds: 3 },
    ]);
    expect(outcomes.at(-1)).toMatchObject({
      by: "rate_limit",
      reason:
        "The rate limit 'rate_limit' is reached: at most 10 at once and 1 more every 3 s, in all. Try again in 3 s",
    });
    await clock.pass(2_999);
    expect((await emit()).action).toBe("block");
    await clock.pass(1);
    expect((await emit()).action).toBe("continue");
    expect(limit.counts()).toMatchObject({ allowed: 11, refused: 2, warned: 4, shared: 0, keys: 1 });
  });

  it("stands before a real extension: nobody is asked about an event that is refused", async () => {
    const { host } = await startedHost([join(FIXTURES, "echoes-votes")]);
    const clock = new FakeClock();
    await host.use(rateLimit({ kinds: [BEFORE, "before_message"], capacity: 2, refillPerSecond: 1, clock }));
    const votes = async () =>
      (await host.emit({ ...call(), tool_input: {} })).votes.map(({ extension, status }) => [
        extension,
        status,
      ]);
    const both = [
      ["rate_limit", "voted"],
      ["echoes-votes", "voted"],
    ];
    expect([await votes(), await votes()]).toEqual([both, both]);
    expect(await votes()).toEqual([
      ["rate_limit", "voted"],
      ["echoes-votes", "not_reached"],
    ]);
    await clock.pass(1_000);
    expect(await votes()).toEqual(both);
  });

  it("counts an event once, also when an extension rewrites its input after it", async () => {
    const { host } = await startedHost([join(FIXTURES, "echoes-votes")], { chain: "rewrite_then_veto" });
    const limit = rateLimit({ kinds: [BEFORE], capacity: 5, refillPerSecond: 1, clock: new FakeClock() });
    await host.use(limit);
    const tool_input = { answer: { action: "modify", input: { other: 1 } } };
    const outcome = await host.emit({ ...call(), tool_input });
    expect([outcome.action, limit.counts().allowed]).toEqual(["modify", 1]);
    const left = await countAllowed((event) => host.emit(event), call());
    expect(left).toBe(4);
  });

  it("costs by kind, and refuses with the action that the program names", async () => {
    const catalog = defineCatalog({
      name: "steps",
      chain: "first_decision",
      kinds: Object.fromEntries(
        ["steps.small", "steps.large", "steps.free"].map((kind) => [
          kind,
          {
            permission: "tools.intercept",
            toolFilter: false,
            actions: ["continue", "skip"],
            delivery: "gate",
            canFailClosed: true,
            since: 3,
            deadlineMs: 1_000,
            description: "A step",
          },
        ]),
      ),
    });
    const { host } = await startedWith(catalog);
    await host.use(
      rateLimit({
        id: "steps",
        kinds: ["steps.small", "steps.large", "steps.free"],
        cost: { "steps.large": 2, "steps.free": 0 },
        capacity: 4,
        refillPerSecond: 1,
        refuse: "skip",
        clock: new FakeClock(),
      }),
    );
    const actions = [];
    for (const kind of ["small", "large", "large", "small", "small", "free"])
      actions.push((await host.emit({ kind: `steps.${kind}` })).action);
    expect(actions).toEqual(["continue", "continue", "skip", "continue", "skip", "continue"]);
  });

  it("has the rates of the seeds by name", async () => {
    for (const [name, atOnce, againMs] of [
      ["rustyclaw", 30, 200],
      ["llmspell", 150, 100],
      ["llmspell_minute", 100, 600],
    ] as const) {
      const clock = new FakeClock();
      const { host } = await startedWith(synapsCatalog);
      await host.use(rateLimit({ kinds: [BEFORE], like: name, clock }));
      const emit = () => host.emit(call());
      expect([name, await countAllowed(emit, call())]).toEqual([name, atOnce]);
      await clock.pass(againMs - 1);
      expect((await emit()).action).toBe("block");
      await clock.pass(1);
      expect((await emit()).action).toBe("continue");
    }
    expect(Object.keys(RATE_PRESETS)).toEqual(["rustyclaw", "llmspell", "llmspell_minute"]);
  });
});

describe(verifies("BUILTIN-004") + "the key of a bucket", () => {
  const connection = (peer_addr: string, peer_ip = peer_addr) =>
    ({ kind: "gateway.connection", data: { peer_addr, peer_ip } }) as const;

  /** True if the second event finds the bucket that the first one has emptied. */
  async function shares(
    per: KeyPart | KeyPart[],
    [first, second]: readonly [{ kind: string }, { kind: string }],
  ): Promise<boolean> {
    const { host } = await startedHost([], { catalogs: [synapsCatalog, gatewayCatalog, agentCatalog] });
    const kinds = [...new Set([first.kind, second.kind])];
    await host.use(rateLimit({ kinds, per, capacity: 1, refillPerSecond: 1, clock: new FakeClock() }));
    await host.emit(first);
    const { action } = await host.emit(second);
    await host.stop();
    return action === "block";
  }

  const of = (data: object) => ({ ...call(), data: data as never });
  const component = (name: string, user_id: string) => ({
    kind: "agent.before_agent_execution",
    data: { component: { type: "agent", name }, metadata: { user_id } },
  });

  it.each<[string, KeyPart | KeyPart[], [{ kind: string }, { kind: string }], boolean]>([
    ["global: all events", "global", [call("bash", "a"), call("read", "b")], true],
    ["session: the same", "session", [call("bash", "a"), call("read", "a")], true],
    ["session: another", "session", [call("bash", "a"), call("bash", "b")], false],
    ["tool: the same", "tool", [call("bash", "a"), call("bash", "b")], true],
    ["tool: another", "tool", [call("bash"), call("read")], false],
    ["kind: another", "kind", [call(), { kind: "before_message", message: "m" } as never], false],
    ["component", "/data/component/name", [component("a", "x"), component("a", "y")], true],
    ["another component", "/data/component/name", [component("a", "x"), component("b", "x")], false],
    ["user", "/data/metadata/user_id", [component("a", "x"), component("b", "x")], true],
    ["another user", "/data/metadata/user_id", [component("a", "x"), component("a", "y")], false],
    ["two parts, both the same", ["session", "tool"], [call("bash", "a"), call("bash", "a")], true],
    ["two parts, one another", ["session", "tool"], [call("bash", "a"), call("read", "a")], false],
    ["parts never run together", ["session", "tool"], [call('b","c', "a"), call("c", 'a","b')], false],
    ["peer: another port", "peer", [connection("10.0.0.9:1"), connection("10.0.0.9:2")], true],
    ["peer: IPv4 in IPv6", "peer", [connection("10.0.0.9:1"), connection("[::ffff:a00:9]:2")], true],
    ["peer: another address", "peer", [connection("10.0.0.9:1"), connection("10.0.0.8:1")], false],
    ["peer: the same /64", "peer", [connection("fd00::1"), connection("[fd00:0:0::2]:1")], true],
    ["peer: another /64", "peer", [connection("fd00::1"), connection("fd00:0:0:1::1")], false],
    ["a number and its digits", "/data/x", [of({ x: 1 }), of({ x: "1" })], false],
    ["absent, null, an object and a list are one", "/data/x", [of({}), of({ x: {} })], true],
    ["absent and empty text", "/data/x", [of({}), of({ x: "" })], false],
    [
      "long values by all of it",
      "/data/x",
      [of({ x: "x".repeat(9_000) }), of({ x: "x".repeat(9_001) })],
      false,
    ],
    [
      "long values that are the same",
      "/data/x",
      [of({ x: "x".repeat(9_000) }), of({ x: "x".repeat(9_000) })],
      true,
    ],
  ])("%s", async (_, per, events, expected) => {
    expect(await shares(per, events)).toBe(expected);
  });
});

it("limits calls per component, per user or in all within a window", async () => {
  const clock = new FakeClock();
  const { host } = await startedWith(agentCatalog);
  const kind = "agent.before_tool_execution";
  const perMinute = { kinds: [kind], refillPerSecond: 1, clock } as const;
  await host.use(rateLimit({ ...perMinute, id: "per tool", per: "/data/component/name", capacity: 3 }));
  await host.use(rateLimit({ ...perMinute, id: "per user", per: "/data/metadata/user_id", capacity: 4 }));
  await host.use(rateLimit({ ...perMinute, id: "in all", capacity: 6 }));
  const call = async (name: string, user_id: string) => {
    const data = { component: { type: "tool", name }, metadata: { user_id } } as const;
    const outcome = await host.emit({ kind, tool_name: name, data });
    return outcome.action === "block" ? outcome.by : outcome.action;
  };
  const calls = async (count: number, name: string, user: string) => {
    const said = [];
    for (let n = 0; n < count; n += 1) said.push(await call(name, user));
    return said;
  };
  expect(await calls(4, "search", "ann")).toEqual(["continue", "continue", "continue", "per tool"]);
  expect(await calls(2, "fetch", "ann")).toEqual(["continue", "per user"]);
  expect(await calls(3, "list", "bob")).toEqual(["continue", "continue", "in all"]);
  await clock.pass(6_000);
  expect(await calls(2, "search", "ann")).toEqual(["continue", "continue"]);
});

describe(verifies("BUILTIN-005") + "options that make no sense", () => {
  const right = { kinds: [BEFORE], capacity: 1, refillPerSecond: 1 };

  it.each<[string, object, RegExp]>([
    ["a limit of 0", { capacity: 0 }, /'capacity': it must be a whole number from 1.*leave the hook out/],
    [
      "a refill of 0",
      { refillPerSecond: 0 },
      /'refillPerSecond': it must be a number from.*leave the hook out/,
    ],
    ["a part of a token", { capacity: 1.5 }, /'capacity': it must be a whole number/],
    ["no number", { capacity: Number.NaN }, /'capacity'/],
    ["endless", { refillPerSecond: Number.POSITIVE_INFINITY }, /'refillPerSecond'/],
    ["two refills", { refillPerMinute: 1 }, /exclude each other/],
    ["no refill", { refillPerSecond: undefined }, /'refillPerSecond' or 'refillPerMinute' is missing/],
    ["no capacity", { capacity: undefined }, /'capacity' is missing, and no preset/],
    ["an unknown preset", { like: "rustyclow" }, /'like': it must be one of 'rustyclaw', 'llmspell'/],
    ["a misspelt option", { capcity: 1 }, /there is no 'capcity'; did you mean 'capacity'\?/],
    ["no kinds", { kinds: [] }, /'kinds': it must be a list of 1 to 256/],
    ["missing kinds", { kinds: undefined }, /'kinds' is missing/],
    ["an unknown key", { per: "user" }, /'per': it must be one of 'global'.*JSON pointer/],
    ["no pointer", { per: "/a~2" }, /'per'/],
    [
      "a cost that no bucket has",
      { cost: 2 },
      /'before_tool_call' costs 2 tokens, and a bucket never holds more than 1/,
    ],
    [
      "a cost of another kind",
      { cost: { before_message: 1 } },
      /in 'cost', are wrong: there is no 'before_message'/,
    ],
    ["a negative cost", { cost: -1 }, /'cost': it must be a whole number/],
    ["an answer that refuses nothing", { refuse: "modify" }, /'refuse': it must be one of/],
    ["no clock", { clock: {} }, /'clock': it must be an object with a method 'now'/],
    ["no function", { raise: "gateway" }, /'raise': it must be a function/],
  ])("%s", (_, wrong, message) => {
    const options = { ...right, ...wrong } as RateLimitOptions;
    expect(() => rateLimit(options)).toThrow(TypeError);
    expect(() => rateLimit(options)).toThrow(message);
    expect(rateLimit(right).id).toBe("rate_limit");
  });

  it.each([null, undefined, [], "fast"])("%j in their place", (options) => {
    expect(() => rateLimit(options as never)).toThrow("its options must be an object");
  });
});
