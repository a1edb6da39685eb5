import type { EventInput, Host } from "@synaps/host";
import { metricsOf } from "@synaps/metrics";
import { gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import { describe, expect, it } from "vitest";
import { Connections } from "../../packages/metrics/src/gateway/connections.js";
import { Tally } from "../../packages/metrics/src/gateway/tally.js";
import { startedHost } from "../helpers/hosts.js";
import { seriesOf } from "../helpers/prometheus-text.js";
import { complaints, promtool } from "../helpers/promtool.js";

const checker = promtool();

async function gateway(): Promise<{ host: Host; stop: () => Promise<void>; numbers: () => Promise<object> }> {
  const { host } = await startedHost([], { catalogs: [gatewayCatalog] });
  const stop = await metricsOf(host).countGateway();
  const numbers = async (): Promise<object> => {
    const all = [...seriesOf(await metricsOf(host).text())];
    const own = all.filter(([name]) => name.startsWith("rustyclaw_"));
    return Object.fromEntries(own.map(([name, value]) => [name.slice("rustyclaw_".length), value]));
  };
  return { host, stop, numbers };
}

const peer = (n: number): string => `127.0.0.1:${n}`;
const connection = (n: number): EventInput => ({
  kind: "gateway.connection",
  data: { peer_addr: peer(n), peer_ip: "127.0.0.1" },
});
const disconnection = (n: number): EventInput => ({
  kind: "gateway.disconnection",
  data: { peer_addr: peer(n), duration: 1 },
});
const toolCall = (tool_name: string, success = true): EventInput => ({
  kind: "gateway.after_tool_call",
  tool_name,
  data: { tool_id: "1", success },
});
const providerCall = (success: boolean): EventInput => ({
  kind: "gateway.after_provider_call",
  data: { provider: "anthropic", model: "m", success, input_tokens: 100, output_tokens: 7 },
});
const threat = (event_type: string, action: string, reason: string): EventInput => ({
  kind: "gateway.security_event",
  data: { event_type, action, reason },
});

async function all(host: Host, ...events: readonly EventInput[]): Promise<void> {
  for (const event of events) await (await host.emit(event)).settled;
}

it("defect 5: the gauge of connections goes up and down again", async () => {
  const { host, numbers } = await gateway();
  const seen = [];
  for (const event of [connection(1), connection(2), disconnection(1), connection(3), disconnection(3)]) {
    await all(host, event);
    seen.push(Object.values(await numbers())[0]);
  }
  await all(host, disconnection(2));
  expect([...seen, ...Object.values(await numbers())]).toEqual([1, 2, 1, 2, 1, 0]);
});

it("the seven families count a run of a gateway, under their own names", async () => {
  const { host, numbers } = await gateway();
  const login = { peer_addr: peer(1), method: "totp" };
  await all(
    host,
    connection(1),
    { kind: "gateway.auth_failure", data: { ...login, attempts: 1, locked_out: false } },
    { kind: "gateway.auth_success", data: login },
    toolCall("read_file"),
    toolCall("read_file"),
    toolCall("execute_command", false),
    providerCall(true),
    providerCall(false),
    threat("prompt_injection", "sanitize", "ignore all"),
    threat("ssrf", "block", "private_ip"),
    threat("rate_limit", "block", "too many"),
  );
  expect(await numbers()).toEqual({
    gateway_connections: 1,
    'auth_attempts_total{result="failure"}': 1,
    'auth_attempts_total{result="success"}': 1,
    'tool_calls_total{tool_name="read_file",result="success"}': 2,
    'tool_calls_total{tool_name="execute_command",result="error"}': 1,
    'provider_requests_total{provider="anthropic",result="success"}': 1,
    'provider_requests_total{provider="anthropic",result="error"}': 1,
    'tokens_total{provider="anthropic",type="input"}': 200,
    'tokens_total{provider="anthropic",type="output"}': 14,
    'prompt_injection_detected_total{action="sanitize"}': 1,
    'ssrf_blocked_total{reason="private_ip"}': 1,
  });
  const text = await metricsOf(host).text();
  const types = [...text.matchAll(/^# TYPE (rustyclaw_\w+) (\w+)$/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  expect(types).toEqual([
    "rustyclaw_gateway_connections gauge",
    "rustyclaw_auth_attempts_total counter",
    "rustyclaw_tool_calls_total counter",
    "rustyclaw_provider_requests_total counter",
    "rustyclaw_tokens_total counter",
    "rustyclaw_prompt_injection_detected_total counter",
    "rustyclaw_ssrf_blocked_total counter",
  ]);
  if (checker !== undefined) expect(complaints(checker, text)).toBe("");
});

it("an event that others block or change is counted once all the same", async () => {
  const { host, numbers } = await gateway();
  host.subscribe("gateway.connection", () => ({ action: "block", reason: "no" }), {
    id: "wall",
    priority: -1_000,
  });
  host.subscribe(
    "gateway.after_tool_call",
    () => ({ action: "modify", input: { tool_id: "1", success: false } }) as never,
    { id: "editor" },
  );
  await all(host, connection(1), disconnection(1), connection(2), toolCall("a"));
  expect(await numbers()).toEqual({
    gateway_connections: 1,
    'tool_calls_total{tool_name="a",result="success"}': 1,
  });
});

it("the end of a connection that was there before the counting changes nothing", async () => {
  const { host, numbers } = await gateway();
  await all(host, connection(1), disconnection(7), disconnection(8));
  expect(await numbers()).toEqual({ gateway_connections: 1 });
  await all(host, disconnection(1), disconnection(1));
  expect(await numbers()).toEqual({ gateway_connections: 0 });
});

it("no more is counted after the end, and counting may begin anew", async () => {
  const { host, stop, numbers } = await gateway();
  await all(host, connection(1), toolCall("a"));
  await expect(metricsOf(host).countGateway()).rejects.toMatchObject({ code: "HOOK_REFUSED" });
  await stop();
  expect(await numbers()).toEqual({});
  await all(host, connection(2));
  await metricsOf(host).countGateway();
  expect(await numbers()).toEqual({ gateway_connections: 0 });
});

it("a host without the events of a gateway says so", async () => {
  const { host } = await startedHost([], { catalogs: [messagingCatalog] });
  await expect(metricsOf(host).countGateway()).rejects.toThrow(/gateway\.connection/);
  expect(await metricsOf(host).text()).not.toContain("rustyclaw_");
});

describe("a million different values", () => {
  it("of a label make a thousand series, and the others are counted as other", () => {
    const tally = new Tally("calls_total", "Calls.", "tool_name", "result");
    for (let n = 0; n < 1_000_000; n += 1) tally.add(`tool-${n}`, n % 2 === 0 ? "success" : "error");
    const samples = tally.samples();
    expect(samples.length).toBe(1_002);
    expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe(1_000_000);
    expect(samples.slice(1_000)).toEqual([
      { labels: { tool_name: "other", result: "success" }, value: 499_500 },
      { labels: { tool_name: "other", result: "error" }, value: 499_500 },
    ]);
    tally.add("tool-0", "success");
    expect(tally.samples()[0]).toEqual({ labels: { tool_name: "tool-0", result: "success" }, value: 2 });
  });

  it("through a host leave a text of bounded size", async () => {
    const { host, numbers } = await gateway();
    for (let n = 0; n < 1_500; n += 1) await host.emit(toolCall(`${n}-${"x".repeat(1_000)}`));
    const found = await numbers();
    expect(Object.keys(found).length).toBe(1_002);
    expect(found).toMatchObject({ 'tool_calls_total{tool_name="other",result="success"}': 500 });
    expect(Math.max(...Object.keys(found).map((name) => name.length))).toBeLessThan(200);
  });

  it("of addresses are counted exactly, however many are open, and down to none", () => {
    const connections = new Connections();
    for (let n = 0; n < 1_000_000; n += 1) connections.opened(`10.0.0.1:${n}`);
    expect(connections.open).toBe(1_000_000);
    for (let n = 0; n < 1_000_000; n += 1) connections.closed(`10.0.0.1:${n}`);
    expect(connections.open).toBe(0);
    connections.closed("10.0.0.1:1");
    expect(connections.open).toBe(0);
  });
});
