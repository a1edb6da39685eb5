import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { BlockList } from "node:net";
import { describe, expect, it } from "vitest";
import { hostOfCatalog, startedWith, turn } from "../../../helpers/catalog-host.js";

const started = async (options = {}) => startedWith(gatewayCatalog, options);
type Started = Awaited<ReturnType<typeof started>>["host"];

const connect = (host: Started, peer_ip = "192.168.1.7") =>
  host.emit({ kind: "gateway.connection", data: { peer_addr: `${peer_ip}:5000`, peer_ip } });
const failure = { peer_addr: "10.0.0.9:5", method: "totp", attempts: 3, locked_out: true };
const threat = { event_type: "ssrf", action: "block", reason: "metadata address" } as const;

/** Runs a call between the hooks before and after it; the list says if it really ran. */
async function call(host: Started, tool_name: string) {
  const ran: string[] = [];
  const result = await host.intercept(
    { before: "gateway.before_tool_call" },
    { tool_name, data: { tool_id: "call_1" } },
    () => void ran.push(tool_name),
  );
  return { ran, result };
}

describe("hooks of a gateway", () => {
  it("run in the order in which they were registered", async () => {
    const { host } = await started();
    const order: string[] = [];
    for (const id of ["z", "a", "m"])
      await host.use({ id, events: ["gateway.connection"], on: () => void order.push(id) });
    await connect(host);
    expect(order).toEqual(["z", "a", "m"]);
  });

  it("behind one that aborts are not asked", async () => {
    const { host } = await started();
    const asked: string[] = [];
    const hook = (id: string, aborts: boolean) => ({
      id,
      events: ["gateway.connection"] as const,
      on: () => {
        asked.push(id);
        return aborts ? ({ action: "abort", reason: "IP blocked" } as const) : undefined;
      },
    });
    for (const one of [hook("a", false), hook("b", true), hook("c", true)]) await host.use(one);
    const outcome = await connect(host);
    expect(outcome).toMatchObject({ action: "block", reason: "IP blocked", by: "b" });
    expect([asked, outcome.votes.map(({ status }) => status)]).toEqual([
      ["a", "b"],
      ["voted", "voted", "not_reached"],
    ]);
  });

  it("that fail, at once or later, stop neither the gateway nor the hooks behind them", async () => {
    const { host } = await started();
    const seen: string[] = [];
    const events = ["gateway.connection"] as const;
    await host.use({
      id: "throws",
      events,
      on: () => {
        throw new Error("no webhook");
      },
    });
    await host.use({ id: "rejects", events, on: () => Promise.reject(new Error("timed out")) });
    await host.use({ id: "last", events, on: ({ data }) => void seen.push(data.peer_ip) });
    const { action, votes } = await connect(host);
    expect([action, seen]).toEqual(["continue", ["192.168.1.7"]]);
    expect(votes).toMatchObject([
      { extension: "throws", status: "abstained", reason: "error", detail: "no webhook" },
      { extension: "rejects", status: "abstained", reason: "error", detail: "timed out" },
      { extension: "last", status: "voted" },
    ]);
  });

  it("that are registered before the start hear of it, and can forbid it", async () => {
    const { host } = hostOfCatalog(gatewayCatalog);
    const seen: unknown[] = [];
    await host.use({
      id: "first",
      events: ["gateway.startup"],
      on: ({ data }) => {
        seen.push(data);
        return data.tls_enabled ? undefined : { action: "abort", reason: "not without TLS" };
      },
    });
    await host.start();
    const start = (tls_enabled: boolean) =>
      host.emit({ kind: "gateway.startup", data: { gateway_url: "ws://127.0.0.1:8080", tls_enabled } });
    expect((await start(true)).action).toBe("continue");
    expect(await start(false)).toMatchObject({ action: "block", reason: "not without TLS" });
    expect(seen).toHaveLength(2);
  });

  it("have a function for each event, which may wait for a service, and hear of no other event", async () => {
    const { host } = await started();
    const sent: string[] = [];
    const report = async (text: string): Promise<void> => {
      await turn();
      sent.push(text);
    };
    await host.use({
      id: "notifications",
      events: [
        { kind: "gateway.auth_failure", handler: ({ data }) => report(`failure from ${data.peer_addr}`) },
        {
          kind: "gateway.security_event",
          handler: ({ data }) => report(`${data.event_type} from ${data.peer_addr ?? "unknown"}`),
        },
      ],
    });
    await host.emit({ kind: "gateway.auth_failure", data: failure });
    await host.emit({ kind: "gateway.security_event", data: threat });
    await connect(host);
    expect(sent).toEqual(["failure from 10.0.0.9:5", "ssrf from unknown"]);
    expect(host.hooks.get("notifications")?.kinds).toEqual([
      "gateway.auth_failure",
      "gateway.security_event",
    ]);
  });

  it("can start work behind their answer, for which nobody waits", async () => {
    const { host } = await started();
    const order: string[] = [];
    let work = Promise.resolve();
    host.subscribe("gateway.security_event", () => {
      work = turn().then(() => void order.push("mail sent"));
      return { action: "continue" };
    });
    await host.emit({ kind: "gateway.security_event", data: threat });
    order.push("answered");
    await work;
    expect(order).toEqual(["answered", "mail sent"]);
  });

  it("are counted, by name and in all, with how often each was asked", async () => {
    const { host } = await started();
    const events = ["gateway.connection"] as const;
    await host.use({ id: "metrics", events: ["gateway.shutdown"], on: () => {} });
    await host.use({ id: "audit", events, on: () => {} });
    await host.use({ id: "broken", events, on: () => Promise.reject(new Error("x")) });
    expect([host.hooks.names(), host.hooks.count()]).toEqual([["metrics", "audit", "broken"], 3]);
    await connect(host);
    await connect(host);
    // One that never fires has no line here, or one that stands still.
    expect(host.snapshot().subscriptions).toMatchObject([
      { extension: "audit", matched: 2, voted: 2, abstained: 0 },
      { extension: "broken", matched: 2, voted: 0, abstained: 2, reasons: { error: 2 } },
    ]);
  });

  it("for an event that does not exist are refused, and the known ones are named", async () => {
    const { host } = await started();
    const typo = { id: "x", events: ["gateway.conection"], on: () => {} };
    await expect(host.use(typo as never)).rejects.toMatchObject({
      code: "HOOK_REFUSED",
      message: "The hook 'x' was refused: No catalog has the hook kind 'gateway.conection'",
    });
  });

  it("show each call and its answer to who looks for them, and no payload", async () => {
    const { host, trace } = await started({ env: { SYNAPS_EXTENSIONS_TRACE: "1" } });
    await host.use({ id: "metrics", events: ["gateway.connection"], on: () => {} });
    await host.use({
      id: "gate",
      events: ["gateway.connection"],
      on: () => ({ action: "abort", reason: "r" }),
    });
    await connect(host);
    expect(trace.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { hook: "gateway.connection", extension: "metrics", action: "continue" },
      { hook: "gateway.connection", extension: "gate", action: "block" },
    ]);
    expect(trace.join("")).not.toContain("192.168.1.7");
  });

  it("that are slow or unwanted are switched off one by one", async () => {
    const { host } = await started();
    const asked: string[] = [];
    for (const id of ["metrics", "audit"])
      await host.use({ id, events: ["gateway.connection"], on: () => void asked.push(id) });
    host.hooks.disable("metrics");
    await connect(host);
    expect([asked, host.hooks.names({ enabled: false })]).toEqual([["audit"], ["metrics"]]);
  });
});

describe("a gateway's rules made of hooks", () => {
  it("let clients of an address range in and nobody else", async () => {
    const { host } = await started();
    const allowed = new BlockList();
    allowed.addSubnet("192.168.1.0", 24);
    allowed.addSubnet("2001:db8::", 32, "ipv6");
    const family = (ip: string) => (ip.includes(":") ? "ipv6" : "ipv4");
    host.subscribe("gateway.connection", ({ data: { peer_ip: ip } }) =>
      allowed.check(ip, family(ip))
        ? undefined
        : { action: "abort", reason: `IP ${ip} not in the list of allowed ones` },
    );
    const end = async (ip: string) => (await connect(host, ip)).action;
    expect([await end("192.168.1.7"), await end("2001:db8::1")]).toEqual(["continue", "continue"]);
    expect([await end("192.168.2.7"), await end("2001:db9::1")]).toEqual(["block", "block"]);
  });

  it("allow tools by name and by the time of day, those for secrets too", async () => {
    const { host } = await started();
    let hour = 12;
    host.subscribe(
      "gateway.before_tool_call",
      () => (hour < 8 ? { action: "abort", reason: "closed at night" } : undefined),
      { filter: { tools: ["secrets_*", "execute_command"] } },
    );
    expect((await call(host, "secrets_get")).ran).toEqual(["secrets_get"]);
    hour = 3;
    expect(await call(host, "secrets_get")).toMatchObject({
      ran: [],
      result: { ran: false, reason: "closed at night" },
    });
    expect((await call(host, "read_file")).ran).toEqual(["read_file"]);
  });

  it("end calls of models once a budget is used up, and tell of it", async () => {
    const { host } = await started();
    let used = 0;
    await host.use({
      id: "budget",
      events: [
        {
          kind: "gateway.after_provider_call",
          handler: ({ data }, context) => {
            used += data.input_tokens + data.output_tokens;
            if (used > 1_000) context.publish("budget.exceeded", { used });
          },
        },
        {
          kind: "gateway.before_provider_call",
          handler: () => (used > 1_000 ? { action: "abort", reason: `${used} tokens used` } : undefined),
        },
      ],
    });
    const about = { provider: "p", model: "m" };
    const ask = () =>
      host.intercept({ before: "gateway.before_provider_call" }, { data: about }, () => "called");
    expect(await ask()).toMatchObject({ ran: true, output: "called" });
    const cost = { ...about, success: true, input_tokens: 900, output_tokens: 200 };
    await (
      await host.emit({ kind: "gateway.after_provider_call", data: cost })
    ).settled;
    expect(await ask()).toMatchObject({ ran: false, reason: "1100 tokens used" });
    expect(host.events.query({ topic: "budget.*" })).toMatchObject([
      { from: "budget", data: { used: 1_100 } },
    ]);
  });

  it("close the connection after a failed login and after a threat", async () => {
    const { host } = await started();
    host.subscribe("gateway.auth_failure", ({ data }) =>
      data.locked_out && data.attempts >= 3 ? { action: "abort", reason: "enough" } : undefined,
    );
    host.subscribe("gateway.security_event", ({ data }) =>
      data.event_type === "ssrf" ? { action: "abort", reason: data.reason } : undefined,
    );
    const fail = (attempts: number) =>
      host.emit({ kind: "gateway.auth_failure", data: { ...failure, attempts } });
    expect([(await fail(2)).action, (await fail(3)).action]).toEqual(["continue", "block"]);
    expect(await host.emit({ kind: "gateway.security_event", data: threat })).toMatchObject({
      action: "block",
      reason: "metadata address",
    });
  });

  it("count what tools do, by name and result", async () => {
    const { host } = await started();
    const counts: Record<string, number> = {};
    host.subscribe("gateway.after_tool_call", ({ tool_name, data }) => {
      const name = `${tool_name} ${data.success ? "success" : "failure"}`;
      counts[name] = (counts[name] ?? 0) + 1;
    });
    for (const [tool_name, success] of [
      ["bash", true],
      ["bash", false],
      ["bash", true],
      ["ls", true],
    ] as const)
      await host.emit({ kind: "gateway.after_tool_call", tool_name, data: { tool_id: "1", success } });
    expect(counts).toEqual({ "bash success": 2, "bash failure": 1, "ls success": 1 });
  });
});

it("a threat is one of five sorts, with what was done and why", async () => {
  const { host } = await started();
  const seen: unknown[] = [];
  host.subscribe("gateway.security_event", ({ data }) => void seen.push(data));
  const sorts = ["prompt_injection", "ssrf", "command_injection", "rate_limit", "allow_list"] as const;
  const raise = (event_type: string) =>
    host.emit({ kind: "gateway.security_event", data: { ...threat, event_type } } as never);
  for (const sort of sorts) await raise(sort);
  expect(seen).toEqual(sorts.map((event_type) => ({ ...threat, event_type })));
  await expect(raise("sql_injection")).rejects.toMatchObject({ code: "EVENT_INVALID" });
});
