import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Client } from "../../../../examples/gateway/src/client.js";
import { readConfig } from "../../../../examples/gateway/src/config.js";
import { Logins } from "../../../../examples/gateway/src/logins.js";
import { TOKEN } from "../../../../examples/gateway/src/stage.js";
import { targetOf } from "../../../../examples/gateway/src/threats.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { newGateway } from "./kit.js";

async function serving(options: Parameters<typeof newGateway>[0] = {}) {
  const made = await newGateway(options);
  await made.gateway.start();
  return made;
}

async function loggedIn(url: string, from?: string): Promise<Client> {
  const client = await Client.connect(url, from);
  expect(await client.login(TOKEN)).toMatchObject({ type: "welcome" });
  return client;
}

describe("a client that misbehaves", () => {
  it("is told what a request is, and may go on, once it has logged in", async () => {
    const { gateway } = await serving();
    const client = await loggedIn(gateway.url);
    for (const request of ["{", "7", "[]", { type: "ask" }, { type: "login", token: TOKEN }]) {
      client.send(request);
      expect(await client.next()).toMatchObject({ type: "error", by: "the gateway" });
    }
    expect(await client.ask("still there?")).toMatchObject({
      type: "answer",
      text: "scripted-1: still there?",
    });
  });

  it("is cut off for a request of more than 64 KiB, and nobody else", async () => {
    const { gateway } = await serving();
    const [client, other] = [await loggedIn(gateway.url), await loggedIn(gateway.url)];
    client.send({ type: "ask", text: "x".repeat(65_536) });
    expect(await client.ended).toMatchObject({ code: 1009 });
    expect(await other.ask("hello")).toMatchObject({ type: "answer" });
  });

  it("is cut off when more than 16 requests wait", async () => {
    const { gateway, model } = await serving();
    const client = await loggedIn(gateway.url);
    const hangs = model.hanging();
    client.send({ type: "ask", text: "wait" });
    await hangs;
    for (let more = 0; more < 17; more += 1) client.send({ type: "ask", text: "more" });
    expect(await client.ended).toEqual({ code: 1008, reason: "too many requests at once" });
  });

  it("is cut off when it does not log in in time", async () => {
    const { gateway } = await serving({ config: { login_ms: 20 } });
    const client = await Client.connect(gateway.url);
    expect(await client.ended).toEqual({ code: 1008, reason: "no login in time" });
  });

  it("takes at most 100 places with one address, and those of others are free", async () => {
    const { gateway } = await serving();
    for (let taken = 0; taken < 100; taken += 1) await Client.connect(gateway.url, "127.0.0.2");
    await expect(Client.connect(gateway.url, "127.0.0.2")).rejects.toThrow("503");
    const other = await loggedIn(gateway.url, "127.0.0.3");
    expect(await other.ask("hello")).toMatchObject({ type: "answer" });
  });

  it("cannot reset the connection so that its end is told twice or never", async () => {
    const { gateway, stage, host } = await serving();
    const told: string[] = [];
    for (const kind of ["gateway.connection", "gateway.disconnection"] as const)
      host.subscribe(kind, ({ data }) => void told.push(data.peer_addr));
    const clients: string[] = [];
    for (let times = 0; times < 5; times += 1) {
      const client = await stage.connect("127.0.0.1");
      clients.push(client.addr, client.addr);
      client.send({ type: "login", token: TOKEN });
      await client.reset();
      await stage.ended(client);
    }
    await gateway.stop();
    await host.settled();
    expect(told).toEqual(clients);
  });
});

describe("logins", () => {
  const guess = { token: "a guess", expected: "the right one", max: 3 };
  const right = { ...guess, token: "the right one" };

  it("lock an address out for a time that no further guess prolongs", () => {
    let now = 0;
    const logins = new Logins(() => now);
    for (let tries = 1; tries <= 5; tries += 1)
      expect(logins.attempt("a", guess, 1_000)).toEqual({ attempts: tries, locked_out: tries >= 3 });
    now = 999;
    expect(logins.attempt("a", right, 1_000)).toEqual({ attempts: 6, locked_out: true });
    expect(logins.attempt("b", right, 1_000)).toBeUndefined();
    now = 1_000;
    expect(logins.attempt("a", right, 1_000)).toBeUndefined();
  });

  it("remember 10,000 addresses, and forget the oldest first", () => {
    const logins = new Logins(() => 0);
    for (let peer = 0; peer < 10_000; peer += 1) logins.lockOut(`${peer}`, 1_000);
    expect([logins.isLockedOut("0"), logins.isLockedOut("9999")]).toEqual([true, true]);
    logins.lockOut("one more", 1_000);
    expect([logins.isLockedOut("0"), logins.isLockedOut("1")]).toEqual([false, true]);
  });
});

it("finds private addresses in every spelling", async () => {
  const spelt = [
    "127.1.2.3",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "[fd00::1]",
    "0.0.0.0",
    "localhost",
    "192.168.7.7",
  ];
  for (const host of spelt) expect(await targetOf(host), host).toMatchObject({ reason: "private_ip" });
  for (const host of ["169.254.169.254", "[::ffff:169.254.169.254]"])
    expect(await targetOf(host), host).toMatchObject({ reason: "cloud_metadata" });
  expect(await targetOf("203.0.113.7")).toEqual({ address: "203.0.113.7" });
});

describe("the configuration", () => {
  it("is refused with the key, the value and what it may be, and no secret", async () => {
    const { configFile } = await newGateway();
    const good = JSON.parse(readFileSync(configFile, "utf8")) as Record<string, unknown>;
    for (const [change, told] of [
      [{ ssrf: "maybe" }, `'ssrf' is "maybe", not one of warn, block`],
      [{ max_attempts: 0 }, "'max_attempts' is 0, not a whole number from 1 to 100"],
      [{ login_ms: 0.5 }, "'login_ms' is 0.5, not a whole number"],
      [
        { provider_url: "file:///etc" },
        "'provider_url' is \"file:///etc\", not an address with http or https",
      ],
      [{ token: "short" }, "'token' is of another form, not a text of 8 characters or more"],
      [{ model: undefined }, "'model' is missing, not a name"],
      [{ tokens: 1 }, "there is no key 'tokens'"],
    ] as const) {
      writeFileSync(configFile, JSON.stringify({ ...good, ...change }));
      expect(() => readConfig(configFile)).toThrow(told);
    }
    for (const text of ["", "[]", "null", "{", " ".repeat(70_000)]) {
      writeFileSync(configFile, text);
      expect(() => readConfig(configFile)).toThrow(configFile);
    }
  });

  it("stays as it was when the edited file is wrong, and says so; a new token is told and not shown", async () => {
    const { gateway, configFile, log, stage, host } = await serving();
    const told: string[] = [];
    host.subscribe("gateway.config_reload", ({ data }) => void told.push(data.changes));
    const good = readFileSync(configFile, "utf8");
    writeFileSync(configFile, good.replace('"block"', '"perhaps"'));
    await until("the file is refused", () => log.length > 0);
    expect(log[0]).toContain(`the configuration stays as it was: ${configFile}: 'ssrf' is "perhaps"`);
    const client = await loggedIn(gateway.url);
    writeFileSync(configFile, good.replace(TOKEN, "a-new-token"));
    await until("the new token is told", () => told.length > 0);
    expect(told).toEqual(["token: changed"]);
    expect(await client.ask("hello")).toMatchObject({ type: "answer" });
    const late = await stage.connect("127.0.0.1");
    expect(await late.login(TOKEN)).toMatchObject({ type: "login_failed" });
    expect(await late.login("a-new-token")).toMatchObject({ type: "welcome" });
  });
});

describe("a start", () => {
  it("is not served before the hooks have agreed", async () => {
    const { gateway, host } = await newGateway();
    let early: unknown;
    host.subscribe("gateway.startup", async ({ data }) => {
      early = await Client.connect(data.gateway_url).catch(() => "turned away");
    });
    await gateway.start();
    expect(early).toBe("turned away");
    await loggedIn(gateway.url);
  });

  it("that a hook refuses rejects with its reason, and gives the port back", async () => {
    const { gateway, host } = await newGateway();
    let port = 0;
    host.subscribe("gateway.startup", ({ data }) => {
      port = Number(new URL(data.gateway_url).port);
      return { action: "abort", reason: "not without TLS" };
    });
    await expect(gateway.start()).rejects.toThrow("not without TLS");
    const refused = await new Promise((resolve) =>
      connect(port, "127.0.0.1")
        .on("error", resolve)
        .on("connect", () => resolve("somebody listens")),
    );
    expect(refused).toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("a stop", () => {
  it("ends what is still under way after its time, and tells every hook once", async () => {
    const made = await serving({ config: { provider_ms: 3_600_000 }, gateway: { drainMs: 50 } });
    const { gateway, model, host } = made;
    let shutdowns = 0;
    host.subscribe("gateway.shutdown", () => void (shutdowns += 1));
    let isAsked = (): void => {};
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    // A hook that does not answer holds the gateway up no longer than the call of a model.
    host.subscribe("gateway.before_tool_call", async () => {
      isAsked();
      await new Promise(() => {});
    });
    const [hanging, stuck] = [await loggedIn(gateway.url), await loggedIn(gateway.url)];
    const hangs = model.hanging();
    hanging.send({ type: "ask", text: "hang" });
    stuck.send({ type: "ask", text: "use read_clock {}" });
    await Promise.all([hangs, asked]);
    // The question to the hook that does not answer is given up, and not waited out.
    let outcomes = 0;
    onTestFinished(
      host.on("outcome", ({ kind }) => void (outcomes += Number(kind === "gateway.before_tool_call"))),
    );
    await Promise.all([gateway.stop(), gateway.stop()]);
    expect(outcomes).toBe(0);
    expect([await hanging.ended, await stuck.ended]).toMatchObject([{ code: 1006 }, { code: 1006 }]);
    expect(shutdowns).toBe(1);
  });

  it("waits for the hooks of extensions, and for one that never answers only until the deadline", async () => {
    const [folder, root] = [tempDir(), tempDir()];
    const section = {
      protocol_version: 3,
      runtime: "process",
      command: "node",
      args: ["main.mjs"],
      permissions: ["gateway.events"],
      hooks: [{ hook: "gateway.shutdown" }],
    };
    const note = join(root, "cleaned-up");
    const program = (work: string): Record<string, string> => ({
      "main.mjs": `import { defineExtension, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
import { gatewayCatalog } from ${JSON.stringify(repo("packages/sdk/dist/catalogs/index.js"))};
import { writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
await serve(defineExtension({ catalogs: [gatewayCatalog], hooks: { "gateway.shutdown": async () => { ${work} } } }));
`,
    });
    const cleans = `await pause(100); await writeFile(${JSON.stringify(note)}, "done");`;
    const folders = [
      writeExtension(folder, "cleans-up", section, program(cleans)),
      writeExtension(folder, "never-ends", section, program("await new Promise(() => {});")),
    ];
    const { gateway, host } = await serving({ folders, limits: { lifecycleBudgetMs: 2_000 } });
    const votes: unknown[] = [];
    onTestFinished(
      host.on("outcome", ({ kind, votes: all }) => kind === "gateway.shutdown" && votes.push(...all)),
    );
    await gateway.stop();
    expect(existsSync(note)).toBe(true);
    expect(votes).toMatchObject([
      { extension: "cleans-up", status: "voted" },
      { extension: "never-ends", status: "abstained", reason: "budget" },
    ]);
  });
});
