import { agentCatalog, gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import { createHarness, eventsOf, type Harness } from "@synaps/sdk/testing";
import { expect, onTestFinished, test } from "vitest";
import { createRateLimiter } from "../src/extension.js";

const gateway = eventsOf(gatewayCatalog);
const messaging = eventsOf(messagingCatalog);
const agent = eventsOf(agentCatalog);

type Config = Readonly<Record<string, string | number>>;

/** A rate limiter on a clock that the test turns. */
async function limiter(config: Config) {
  let nowMs = 1_000_000;
  const harness = await createHarness(createRateLimiter({ now: () => nowMs }), {
    config,
    answers: { "config.subscribe": () => ({ ok: true }) },
  });
  onTestFinished(() => harness.stop());
  return { harness: harness as Harness, pass: (ms: number) => void (nowMs += ms) };
}

const allowed = async (harness: Harness, event: object): Promise<boolean> =>
  (await harness.send(event as never)).action === "continue";

const connection = (peer_ip: string) =>
  gateway["gateway.connection"]({ data: { peer_addr: `${peer_ip}:1`, peer_ip } });

test.each([
  // Tries every 100 ms for a minute, the last one at 59.9 s: 599 waits.
  ["10 and 5 a second", { limit: 10, refill: 5 }, 100, 600, 10 + Math.floor(5 * 59.9)],
  [
    "10, a burst of 20 and 5 a second",
    { limit: 10, burst: 20, refill: 5 },
    100,
    600,
    30 + Math.floor(5 * 59.9),
  ],
  ["1 and 1 a second, tried every 7 ms", { limit: 1, refill: 1 }, 7, 8_572, 1 + 59],
  [
    "3 and 100 a minute, tried every 50 ms",
    { limit: 3, refill: 100, refill_per: "minute" },
    50,
    1_201,
    3 + 100,
  ],
  ["5 and 0.5 a second", { limit: 5, refill: 0.5 }, 100, 601, 5 + 30],
  ["2 and 0.001 a minute", { limit: 2, refill: 0.001, refill_per: "minute" }, 100, 601, 2],
  ["less than the limit", { limit: 5, refill: 5 }, 1_000, 61, 61],
])(
  "over a minute of virtual time, %s let exactly that many through",
  async (_rule, config, everyMs, tries, most) => {
    const { harness, pass } = await limiter(config);
    let through = 0;
    for (let n = 0; n < tries; n += 1) {
      if (n > 0) pass(everyMs);
      if (await allowed(harness, connection("10.0.0.1"))) through += 1;
    }
    expect(through).toBe(most);
    const stats = (await harness.callTool("stats", {})) as Record<string, Record<string, number>>;
    expect(stats["gateway.connection"]).toMatchObject({ allowed: most, refused: tries - most, keys: 1 });
  },
);

test("a refusal says when to come again, and then there is a token", async () => {
  const { harness, pass } = await limiter({ limit: 2, refill: 1, refill_per: "minute" });
  for (const expected of [true, true, false])
    expect(await allowed(harness, connection("10.0.0.1"))).toBe(expected);
  expect(await harness.send(connection("10.0.0.1") as never)).toEqual({
    action: "block",
    reason:
      "The rate limit 'rate_limit' is reached: at most 2 at once and 1 more every 60 s, for each kind and peer. Try again in 60 s",
  });
  pass(59_999);
  expect(await allowed(harness, connection("10.0.0.1"))).toBe(false);
  pass(1);
  expect(await allowed(harness, connection("10.0.0.1"))).toBe(true);
});

const KEY = (letter: string): string => Buffer.from(letter.repeat(32)).toString("base64");
const message = (sender: string | null, recipient: string) =>
  messaging["messaging.message_enqueue"]({
    data: {
      sender_identity: sender === null ? null : KEY(sender),
      recipient_key: KEY(recipient),
      channel_id: "",
      payload_len: 1,
      seq: "1",
    },
  });
const component = { type: "agent" as const, name: "a" };
const execution = (session_id: string) =>
  agent["agent.before_agent_execution"]({ session_id, data: { component } });
const agentTool = (session_id: string) =>
  agent["agent.before_tool_execution"]({
    session_id,
    tool_name: "bash",
    tool_input: null,
    data: { component },
  });
const tool = (session_id: string, tool_name = "bash") => ({
  kind: "before_tool_call",
  tool_name,
  session_id,
});
const failure = (peer_addr: string) =>
  gateway["gateway.auth_failure"]({ data: { peer_addr, method: "totp", attempts: 1, locked_out: false } });
const gatewayTool = (session_id: string) =>
  gateway["gateway.before_tool_call"]({ session_id, tool_name: "bash", data: { tool_id: "1" } });
const provider = (session_id: string) =>
  gateway["gateway.before_provider_call"]({ session_id, data: { provider: "p", model: "m" } });

test.each<[string, Config, readonly object[], readonly boolean[]]>([
  [
    "clients by their address without port, IPv6 by its first half",
    {},
    [
      connection("10.0.0.1"),
      connection("::ffff:10.0.0.1"),
      connection("10.0.0.2"),
      connection("2001:db8::1"),
      connection("2001:db8::2"),
    ],
    [true, false, true, true, false],
  ],
  [
    "each kind on its own",
    {},
    [connection("10.0.0.1"), failure("10.0.0.1:7"), failure("10.0.0.1:8")],
    [true, true, false],
  ],
  [
    "tools, models and agents by session",
    {},
    [
      tool("s"),
      tool("s"),
      tool("t"),
      gatewayTool("s"),
      gatewayTool("s"),
      provider("s"),
      execution("s"),
      execution("s"),
      agentTool("s"),
    ],
    [true, false, true, true, false, true, true, false, true],
  ],
  [
    "messages by sender, and sealed ones by recipient",
    {},
    [
      message("a", "x"),
      message("a", "y"),
      message("b", "x"),
      message(null, "x"),
      message(null, "x"),
      message("x", "a"),
    ],
    [true, false, true, true, false, true],
  ],
  [
    "everything together",
    { per: "global" },
    [tool("s"), connection("10.0.0.1"), execution("t")],
    [true, false, false],
  ],
  [
    "by tool and session",
    { per: "tool, session" },
    [tool("s"), tool("s", "read"), tool("t"), tool("s")],
    [true, true, true, false],
  ],
  [
    "only the kinds that are named",
    { kinds: "gateway.* agent.before_tool_execution" },
    [tool("s"), tool("s"), connection("10.0.0.1"), connection("10.0.0.1"), agentTool("s"), agentTool("s")],
    [true, true, true, false, true, false],
  ],
  [
    "keys beyond the bound as one",
    { max_keys: 2 },
    [
      connection("10.0.0.1"),
      connection("10.0.0.2"),
      connection("10.0.0.3"),
      connection("10.0.0.4"),
      connection("10.0.0.1"),
    ],
    [true, true, true, false, false],
  ],
])("limits %s", async (_says, config, events, expected) => {
  const { harness } = await limiter({ limit: 1, refill: 0.001, ...config });
  const through: boolean[] = [];
  for (const event of events) through.push(await allowed(harness, event));
  expect(through).toEqual(expected);
});
