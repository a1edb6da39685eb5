import { metricsOf } from "@synaps/metrics";
import { gatewayCatalog, synapsCatalog } from "@synaps/sdk/catalogs";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HostEventMap, HostOptions } from "@synaps/host";
import { testHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

const KIND = "before_tool_call";
const CALL = { kind: KIND, tool_name: "bash", tool_input: { command: "ls" } } as const;

/** A host with its configuration in a file, and what it told of it. */
function configured(content: string, options: HostOptions = {}) {
  const baseDir = tempDir();
  mkdirSync(join(baseDir, "extensions"));
  const file = join(baseDir, "extensions", "host.toml");
  const write = (text: string): void => writeFileSync(file, text);
  write(content);
  const made = testHost({ baseDir, folders: [], ...options });
  const reloads: HostEventMap["config_reload"][] = [];
  made.host.on("config_reload", (reload) => reloads.push(reload));
  return { ...made, file, write, reloads, baseDir };
}

async function withHooks(content: string, options: HostOptions = {}) {
  const made = configured(content, options);
  const { host } = made;
  await host.start();
  await host.use({ id: "first", events: [KIND], on: () => ({ action: "continue" }) });
  await host.use({
    id: "second",
    events: [{ kind: KIND, closed: true }],
    on: () => ({ action: "continue" }),
  });
  const voters = async (): Promise<string[]> =>
    (await host.emit(CALL)).votes.map(({ extension }) => extension);
  return { ...made, voters };
}

describe("the order of what decides", () => {
  it(verifies("HOSTCONF-010") + "is defaults, the file, the environment, options of the program", () => {
    const { host } = configured(`[limits]\nping_ms = 1\nping_misses = 7\nping_idle_ms = 900\n`, {
      env: { SYNAPS_HOST_LIMITS_PING_MISSES: "8", SYNAPS_HOST_LIMITS_PING_IDLE_MS: "901" },
      limits: { pingIdleMs: 902 },
    });
    const { limits } = host.hostConfig.config;
    expect(limits).toMatchObject({ pingMs: 1, pingMisses: 8, pingIdleMs: 902, hungDeadlines: 3 });
    const from = (key: string) => host.hostConfig.origins.get(`limits.${key}`)?.from;
    expect(["ping_ms", "ping_misses", "ping_idle_ms", "hung_deadlines"].map(from)).toEqual([
      "file",
      "environment",
      "options",
      "default",
    ]);
  });

  it("leaves the file out where the program wants none", () => {
    const { host } = configured("this is [ no TOML", { configFile: false });
    expect(host.hostConfig.file).toBeNull();
    expect(host.hostConfig.reload()).toEqual([]);
  });

  it("refuses to begin with a broken file", () => {
    expect(() => configured("[hooks]\nenabeld = true\n")).toThrow(
      expect.objectContaining({
        code: "HOST_CONFIG_INVALID",
        message: expect.stringMatching(/host\.toml:2:\d+: 'hooks\.enabeld' is no key/) as unknown,
      }),
    );
  });
});

describe("switches and tuning", () => {
  it(verifies("HOSTCONF-011") + "take effect with the next event, and back", async () => {
    const { host, voters, write, reloads } = await withHooks("");
    expect(await voters()).toEqual(["first", "second"]);
    write("[hooks]\nenabled = false\n");
    expect(host.hostConfig.reload()).toEqual([
      { key: "hooks.enabled", before: true, after: false, live: true },
    ]);
    expect(await voters()).toEqual([]);
    write('[hooks.of.second]\npriority = "high"\n');
    host.hostConfig.reload();
    expect(await voters()).toEqual(["second", "first"]);
    write("[hooks.of.first]\nenabled = false\n");
    host.hostConfig.reload();
    expect(await voters()).toEqual(["second"]);
    expect(host.snapshot().switchedOff).toEqual(["first/before_tool_call#1"]);
    expect([host.hooks.get("first")?.enabled, host.hooks.get("second")?.enabled]).toEqual([false, true]);
    expect(host.subscriptionsFor("first")).toMatchObject([{ asked: false }]);
    write("");
    host.hostConfig.reload();
    expect(host.snapshot()).not.toHaveProperty("switchedOff");
    expect(await voters()).toEqual(["first", "second"]);
    expect(reloads.map(({ applied, changes }) => [applied, changes.length])).toEqual([
      [true, 1],
      [true, 2],
      [true, 2],
      [true, 1],
    ]);
  });

  it("set a deadline for one hook, and a bound for all others", async () => {
    const { host } = configured("[hooks]\ntimeout_ms = 20\n[hooks.of.patient]\ntimeout_ms = 40000\n");
    await host.start();
    const held: (() => void)[] = [];
    const hold = (): Promise<undefined> => new Promise((go) => held.push(() => go(undefined)));
    await host.use({ id: "bounded", events: [KIND], on: hold });
    await host.use({ id: "patient", events: [KIND], on: hold });
    const asked = host.emit(CALL);
    await until("the second one is asked", () => held.length === 2);
    held[1]?.();
    expect((await asked).votes).toMatchObject([
      { extension: "bounded", status: "abstained", reason: "timeout" },
      { extension: "patient", status: "voted" },
    ]);
  });

  it("give a breaker to hooks that chose none, live", async () => {
    const { host, write } = configured("");
    await host.start();
    await host.use({ id: "broken", events: [KIND], on: () => Promise.reject(new Error("broken")) });
    const reason = async (): Promise<unknown> => {
      const [vote] = (await host.emit(CALL)).votes;
      return vote?.status === "abstained" ? vote.reason : undefined;
    };
    expect([await reason(), await reason()]).toEqual(["error", "error"]);
    write("[hooks]\nbreaker = { failures = 1, min_calls = 1 }\n");
    host.hostConfig.reload();
    expect([await reason(), await reason()]).toEqual(["error", "breaker"]);
    write("");
    host.hostConfig.reload();
    expect(await reason()).toBe("error");
  });

  it("take the threshold of rs-llmspell as the share of calls that may fail", async () => {
    const { host } = configured("[hooks]\ncircuit_breaker_threshold = 0.01\n");
    await host.start();
    let isBroken = true;
    await host.use({
      id: "once",
      events: [KIND],
      on: () => (isBroken ? Promise.reject(new Error("broken")) : undefined),
    });
    const reasons: unknown[] = [];
    for (let n = 0; n < 12; n += 1) {
      const [vote] = (await host.emit(CALL)).votes;
      reasons.push(vote?.status === "abstained" ? vote.reason : vote?.status);
      isBroken = false;
    }
    expect(reasons).toEqual(["error", ...Array.from({ length: 9 }, () => "voted"), "breaker", "breaker"]);
  });

  it(
    verifies("HOSTCONF-018") + "switch RustyClaw's metrics by metrics_hook, which is on without a word",
    async () => {
      const { host, write } = configured("", { catalogs: [synapsCatalog, gatewayCatalog] });
      await host.start();
      await metricsOf(host).countGateway();
      const connections = async (): Promise<string | undefined> => {
        const data = { peer_addr: "127.0.0.1:4000", peer_ip: "127.0.0.1" };
        await host.emit({ kind: "gateway.connection", data } as never);
        return /^rustyclaw_gateway_connections (\d+)$/m.exec(await metricsOf(host).text())?.[1];
      };
      expect(await connections()).toBe("1");
      write("[hooks]\nmetrics_hook = false\n");
      host.hostConfig.reload();
      expect(await connections()).toBe("1");
      write("[hooks]\nmetrics_hook = true\n");
      host.hostConfig.reload();
      expect(await connections()).toBe("2");
    },
  );

  it("are told in one line, whatever a name holds", async () => {
    const { host, log, write } = configured("");
    await host.start();
    write('[hooks.of."a\\nb\\u009b31m\\u202e"]\npriority = 1\n');
    host.hostConfig.reload();
    const told = log.filter(({ message }) => message.includes("hooks.of"));
    expect(told).toHaveLength(2);
    // oxlint-disable-next-line no-control-regex
    for (const { message } of told) expect(message).not.toMatch(/[\n\u009b\u202e]/);
  });

  it("say which guard they switch off also when it comes later, and once", async () => {
    const { host, log } = configured("[hooks.of.late]\nenabled = false\n");
    await host.start();
    const guard = { id: "late", events: [{ kind: KIND, closed: true }], on: () => undefined } as const;
    const unregister = await host.use(guard);
    await unregister();
    await host.use(guard);
    const told = log.filter(({ message }) =>
      message.startsWith("The guard 'late/before_tool_call#1' is switched off"),
    );
    expect(told.map(({ level }) => level)).toEqual(["warn"]);
  });

  it("keep the metrics hook off, whatever else is set for it", async () => {
    const { host } = configured("[hooks]\nmetrics_hook = false\n[hooks.of.metrics]\npriority = 1\n");
    await host.start();
    await host.use({ id: "metrics", events: [KIND], on: () => undefined });
    expect((await host.emit(CALL)).votes).toEqual([]);
  });

  it("say which guard they switch off, and which names concern nothing", async () => {
    const { host, log, write } = await withHooks("[hooks.of.frist]\nenabled = false\n");
    const warnings = (): string[] =>
      log.filter(({ level }) => level === "warn").map(({ message }) => message);
    expect(warnings().join("\n")).toContain(
      '[hooks.of."frist"] of the host\'s configuration concerns nothing',
    );
    write('[hooks.of.frist]\nenabled = false\n[hooks.of."second/before_tool_call#1"]\nenabled = false\n');
    host.hostConfig.reload();
    const after = warnings().join("\n");
    expect(after).toContain("Did you mean 'first'?");
    expect(after).toContain("The guard 'second/before_tool_call#1' is switched off");
    const before = warnings().length;
    write(
      '[hooks.of.frist]\nenabled = false\n[hooks.of."second/before_tool_call#1"]\nenabled = false\npriority = 3\n',
    );
    host.hostConfig.reload();
    expect(warnings()).toHaveLength(before);
  });
});

describe("a file that changes while the host runs", () => {
  it(
    verifies("HOSTCONF-012") + "is taken over by itself, also one that comes later, and one that goes",
    async () => {
      const { voters, write, reloads, file } = await withHooks("");
      rmSync(file);
      write("[hooks]\nenabled = false\n");
      await until("the file was taken over", () => reloads.length === 1);
      expect(await voters()).toEqual([]);
      rmSync(file);
      await until("its end was taken over", () => reloads.length === 2);
      expect(await voters()).toEqual(["first", "second"]);
    },
  );

  it(
    verifies("HOSTCONF-013") + "keeps the old configuration while it is broken, and says why, once",
    async () => {
      const { host, voters, write, reloads, log } = await withHooks(
        "[hooks.of.first]\nenabled = false\n",
        {},
      );
      const errors = () => log.filter(({ level }) => level === "error").map(({ message }) => message);
      write("[hooks.of.first\nenabled = true\n");
      await until("the mistake was told", () => reloads.length === 1);
      expect(reloads[0]).toMatchObject({ applied: false, changes: [] });
      expect(reloads[0]?.error).toMatch(/host\.toml:1:/);
      expect(await voters()).toEqual(["second"]);
      expect(() => host.hostConfig.reload()).toThrow(
        expect.objectContaining({ code: "HOST_CONFIG_INVALID" }),
      );
      expect([errors().length, reloads.length]).toEqual([1, 1]);
      write("");
      await until("the correction was taken over", () => reloads.length === 2);
      expect(await voters()).toEqual(["first", "second"]);
    },
  );

  it("tells what only the next start takes over", async () => {
    const { host, write, log } = await withHooks("");
    write("[limits]\nping_ms = 77\n");
    expect(host.hostConfig.reload()).toEqual([
      { key: "limits.ping_ms", before: 2_000, after: 77, live: false },
    ]);
    expect(log.map(({ message }) => message).join("\n")).toContain(
      "changes that the next start takes over: limits.ping_ms: 2000 -> 77",
    );
  });

  it(verifies("HOSTCONF-014") + "is raised as an event of the gateway, with the changes", async () => {
    const { host, write } = await withHooks("", { catalogs: [synapsCatalog, gatewayCatalog] });
    const seen: unknown[] = [];
    host.subscribe(
      "gateway.config_reload" as never,
      ((event: { data: unknown }) => void seen.push(event.data)) as never,
      {
        id: "watcher",
      },
    );
    write("[hooks]\ntimeout_ms = 500\n");
    host.hostConfig.reload();
    await until("the event was seen", () => seen.length === 1);
    expect(seen).toEqual([{ changes: "hooks.timeout_ms: null -> 500" }]);
  });

  it("is not read after a stop: nothing is opened that nobody would close", async () => {
    const { host, write, baseDir } = configured("");
    await host.start();
    const late = new Promise<unknown>((resolve) => {
      host.on("stopped", () => {
        try {
          resolve(host.hostConfig.reload());
        } catch (error) {
          resolve(error);
        }
      });
    });
    write("[audit]\nenabled = true\n[debug]\nenabled = true\n");
    await host.stop();
    expect(await late).toMatchObject({ code: "HOST_STOPPED" });
    expect(() => host.hostConfig.reload()).toThrow(expect.objectContaining({ code: "HOST_STOPPED" }));
    expect(host.hooks.names()).toEqual([]);
    expect(readdirSync(join(baseDir, "extensions"))).not.toContain("audit");
  });

  it("tells what its author may not expect, once", async () => {
    const { host, write, log } = configured("");
    await host.start();
    const notes = () => log.filter(({ message }) => message.includes("'hooks.audit_log_path' names a file"));
    const path = join(tempDir(), "hooks.log");
    write(`[hooks]\naudit_log_hook = true\naudit_log_path = ${JSON.stringify(path)}\n`);
    host.hostConfig.reload();
    host.hostConfig.reload();
    expect(notes()).toHaveLength(1);
  });

  it("hurts nobody with a listener that throws", async () => {
    const { host, write, voters } = await withHooks("");
    host.on("config_reload", () => {
      throw new Error("listener");
    });
    write("[hooks]\nenabled = false\n");
    host.hostConfig.reload();
    expect(await voters()).toEqual([]);
  });
});

describe("the built-in rate limit", () => {
  const RATE = "[rate_limit]\nenabled = true\ncapacity = 2\nrefill_per_sec = 0.001\n";

  it(verifies("HOSTCONF-017") + "is switched on, changed and off while the host runs", async () => {
    const { host, write } = configured(RATE);
    await host.start();
    const actions = async (count: number): Promise<string[]> => {
      const outcomes = [];
      for (let n = 0; n < count; n += 1) outcomes.push((await host.emit(CALL)).action);
      return outcomes;
    };
    expect(await actions(3)).toEqual(["continue", "continue", "block"]);
    expect(host.hooks.get("rate_limit")).toMatchObject({ plugin: "host", enabled: true });
    // A change elsewhere fills no bucket.
    write(`${RATE}[hooks]\ntimeout_ms = 900\n`);
    host.hostConfig.reload();
    expect(await actions(1)).toEqual(["block"]);
    write(RATE.replace("capacity = 2", "capacity = 1"));
    host.hostConfig.reload();
    expect(await actions(2)).toEqual(["continue", "block"]);
    write("[hooks]\nrate_limit_per_minute = 1\n");
    host.hostConfig.reload();
    const blocked = (await Promise.all([host.emit(CALL), host.emit(CALL)])).at(-1);
    expect(blocked).toMatchObject({
      action: "block",
      by: "rate_limit_per_minute",
      reason: expect.stringMatching(/Try again in \d+ s/) as unknown,
    });
    write("");
    host.hostConfig.reload();
    expect([await actions(2), host.hooks.names()]).toEqual([["continue", "continue"], []]);
  });

  it("raises a security event where a catalog has a kind for it", async () => {
    const { host } = configured(RATE, { catalogs: [synapsCatalog, gatewayCatalog] });
    await host.start();
    const seen: unknown[] = [];
    const see = ((event: { data: unknown }) => void seen.push(event.data)) as never;
    host.subscribe("gateway.security_event" as never, see, { id: "watcher" });
    for (let n = 0; n < 3; n += 1) await host.emit(CALL as never);
    await until("the event was seen", () => seen.length === 1);
    expect(seen).toMatchObject([{ event_type: "rate_limit", action: "block", hook: "rate_limit" }]);
    expect(host.hooks.get("rate_limit")?.kinds).toEqual([
      KIND,
      "gateway.connection",
      "gateway.auth_success",
      "gateway.auth_failure",
      "gateway.before_tool_call",
      "gateway.before_provider_call",
    ]);
  });

  it("is left out, and told, where the program has a hook of its name", async () => {
    const { host, write, log } = configured("");
    await host.start();
    await host.use({ id: "rate_limit", events: [KIND], on: () => undefined });
    write(RATE);
    host.hostConfig.reload();
    expect(log.map(({ message }) => message).join("\n")).toContain(
      "The built-in hook 'rate_limit' is left out",
    );
    write("");
    host.hostConfig.reload();
    expect(host.hooks.names()).toEqual(["rate_limit"]);
  });

  it("that no bucket can be made for is a mistake in the file", () => {
    expect(() =>
      configured("[rate_limit]\nenabled = true\ncapacity = 2\ncontrol_cost = 3\n", {
        catalogs: [gatewayCatalog],
      }),
    ).toThrow(
      expect.objectContaining({
        code: "HOST_CONFIG_INVALID",
        message: expect.stringContaining("'rate_limit") as unknown,
      }),
    );
  });
});

describe("log lines and the ring", () => {
  it(verifies("HOSTCONF-019") + "are switched on and off by the file, and change no decision", async () => {
    const { host, write, log } = await withHooks("");
    const lines = () =>
      log.filter(({ level, message }) => level === "info" && message.startsWith(`[hooks] ${KIND}`));
    await host.emit(CALL);
    expect([lines(), host.debugRing]).toEqual([[], undefined]);
    write("[logging]\nenabled = true\n[debug]\nenabled = true\nmax_traces = 2\n");
    host.hostConfig.reload();
    for (let n = 0; n < 3; n += 1) expect((await host.emit(CALL)).action).toBe("continue");
    expect(lines()).toHaveLength(3);
    expect(lines()[0]).toMatchObject({ message: `[hooks] ${KIND}: continue`, fields: { tool: "bash" } });
    expect(host.debugRing?.statistics()).toMatchObject({ kept: 2, outcomes: 3, dropped: 1, pending: 0 });
    expect(host.debugRing?.traces()).toMatchObject([{ kind: KIND, tool: "bash" }, { kind: KIND }]);
    // A change elsewhere forgets nothing.
    write("[logging]\nenabled = false\n[debug]\nenabled = true\nmax_traces = 2\n");
    host.hostConfig.reload();
    await host.emit(CALL);
    expect([lines().length, host.debugRing?.statistics().outcomes]).toEqual([3, 4]);
    write("");
    host.hostConfig.reload();
    expect([host.debugRing, host.hooks.names()]).toEqual([undefined, ["first", "second"]]);
  });

  it("are left out in whole where the program has hooks of their names, and come once it has none", async () => {
    const { host, write, log } = configured("");
    await host.start();
    const ids = ["logging", "debug_ring"];
    const hooks = ids.map((id) => ({ id, events: [KIND], on: () => undefined }) as const);
    const unregister = await host.hooks.registerMultiple(hooks);
    write("[logging]\nenabled = true\n[debug]\nenabled = true\n");
    host.hostConfig.reload();
    await host.emit(CALL);
    expect(log.filter(({ message }) => message.startsWith(`[hooks] ${KIND}`))).toEqual([]);
    expect(host.debugRing).toBeUndefined();
    await unregister();
    write("[logging]\nenabled = true\n[debug]\nenabled = true\nmax_traces = 5\n");
    host.hostConfig.reload();
    expect(host.hooks.names()).toEqual(ids);
  });

  it("hold no secret of a known shape", async () => {
    const { host, log } = await withHooks(
      "[logging]\nenabled = true\ninclude_data = true\n[debug]\nenabled = true\n",
    );
    const token = `ghp_${"a1B2".repeat(9)}`;
    await host.emit({ ...CALL, tool_input: { command: `curl -H "Authorization: Bearer ${token}"` } });
    const kept = JSON.stringify([log, host.debugRing?.traces()]);
    expect(kept).toContain("curl");
    expect(kept).not.toContain(token);
  });
});

describe("the audit", () => {
  const records = (folder: string): string =>
    readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");

  it(verifies("HOSTCONF-015") + "is switched on and off by audit_log_hook while the host runs", async () => {
    const { host, write, baseDir } = await withHooks("", { catalogs: [synapsCatalog, gatewayCatalog] });
    const path = join(baseDir, "audit-here");
    const login = (peer: string) =>
      host.emit({ kind: "gateway.auth_success", data: { peer_addr: peer, method: "totp" } } as never);
    host.subscribe("gateway.auth_success" as never, (() => undefined) as never, { id: "watcher" });
    await login("before:1");
    write(`[hooks]\naudit_log_hook = true\naudit_log_path = "${path}"\n`);
    host.hostConfig.reload();
    await login("within:1");
    write("");
    host.hostConfig.reload();
    await login("after:1");
    await host.stop();
    expect(records(path)).toContain("within:1");
    expect(records(path)).not.toMatch(/before:1|after:1/);
  });

  it("of the program counts more than a file that has none, and its no more than a file that wants one", async () => {
    const off = configured("[hooks]\naudit_log_hook = true\n", { audit: false });
    expect(off.host.snapshot()).not.toHaveProperty("audit");
    const on = configured("[audit]\nenabled = false\n", { audit: true });
    expect(on.host.snapshot()).toHaveProperty("audit");
  });

  it("refuses a secret in a variable that is not set", () => {
    expect(() => configured('[audit]\nenabled = true\nkey_env = "NO_SUCH"\n', { env: {} })).toThrow(
      expect.objectContaining({
        code: "HOST_CONFIG_INVALID",
        message: expect.stringContaining("is not set") as unknown,
      }),
    );
  });
});
