import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { collectInventory, consentRecord, ConsentStore, settingsOf } from "@synaps/host/tooling";
import { expect, it } from "vitest";
import { alive, call, gone, statusOf, told, variant, votes } from "../../e2e/host/support/fixture.js";
import { startedHost, testHost } from "../../helpers/hosts.js";
import { late } from "../../helpers/late.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

const pidOf = (host: Parameters<typeof statusOf>[0], id: string): number =>
  Number(statusOf(host, id).process?.pid);

it(verifies("LIFE-010", "LIFE-018") + "the new process is there before the old one goes", async () => {
  const [folder, baseDir] = [tempDir(), tempDir()];
  for (const id of ["a", "z"]) variant(folder, "echoes-votes", { id });
  const config = [{ key: "mood" }];
  variant(folder, "tells-itself", { id: "m", args: ["one"], extension: { config } });
  const { host, log } = await startedHost([folder], { baseDir, chain: "rewrite_then_veto" });
  const before = told(await host.emit(call()));
  variant(folder, "tells-itself", { id: "m", args: ["two"], extension: { config } });
  writeExtension(join(baseDir, "plugins"), "m", "{}", { config: "mood = new\n" });
  await host.reload("m");
  const outcome = await host.emit(call());
  const after = told(outcome);
  expect([(before["argv"] as string[])[2], (after["argv"] as string[])[2]]).toEqual(["one", "two"]);
  expect(after["initialize"]).toMatchObject({ config: { mood: "new" } });
  expect(votes(outcome).map((vote) => vote.split(":")[0])).toEqual(["a", "m", "z"]);
  await gone(Number(before["pid"]));
  const moves = (): string[] =>
    log
      .filter(({ message, fields }) => message === "extension state" && fields["extension"] === "m")
      .map(({ fields }) => `${String(fields["from"])} ${String(fields["to"])}`);
  await until("the host has seen that it went", () => moves().length >= 5);
  // The second start ends before the first process is let go of.
  expect(moves()).toEqual([
    "loaded starting",
    "starting running",
    "loaded starting",
    "starting running",
    "running stopped",
  ]);
});

it.each([
  ["does not parse", "{", "MANIFEST_NOT_JSON"],
  ["breaks a rule", { permissions: [] }, "PERMISSION_MISSING"],
  ["names no program", { command: "./none" }, "SPAWN_COMMAND_NOT_FOUND"],
  ["ends at once", { args: ["-e", "0"] }, "SPAWN_EXITED_EARLY"],
] as const)(verifies("LIFE-011") + "new code that %s leaves the old one running", async (_, change, code) => {
  const folder = tempDir();
  const root = variant(folder, "echoes-votes", { id: "guard" });
  const { host } = await startedHost([folder]);
  const pid = pidOf(host, "guard");
  if (typeof change === "string") writeExtension(folder, "guard", change);
  else variant(folder, "echoes-votes", { id: "guard", extension: change });
  await expect(host.reload("guard")).rejects.toMatchObject({ code, message: expect.stringMatching(/\S/) });
  const block = await host.emit(call({ answer: { action: "block", reason: "still here" } }));
  expect(block).toMatchObject({ action: "block", reason: "still here", by: "guard" });
  expect(statusOf(host, "guard")).toMatchObject({ root, state: "running", process: { pid } });
});

it(verifies("LIFE-012") + "1000 events over ten reloads: each is answered", async () => {
  const folder = tempDir();
  variant(folder, "takes-its-time");
  const { host } = await startedHost([folder]);
  const pids = new Set<number>();
  const emitted: Promise<string[]>[] = [];
  let reloaded = false;
  const reloads = (async () => {
    for (let round = 0; round < 10; round += 1) {
      pids.add(pidOf(host, "takes-its-time"));
      await host.reload("takes-its-time");
    }
    reloaded = true;
  })();
  while (!reloaded || emitted.length < 1_000) {
    emitted.push(host.emit(call({ ms: emitted.length % 3 })).then(votes));
    await new Promise((resolve) => setImmediate(resolve));
    if (emitted.length % 8 === 0) await emitted.at(-1);
  }
  await reloads;
  const answers = new Set((await Promise.all(emitted)).flat());
  expect([...answers]).toEqual(["takes-its-time: continue"]);
  await Promise.all([...pids].map(gone));
  expect(pids.size).toBe(10);
});

it(verifies("LIFE-013") + "what waits for a process that is replaced goes to the new one", async () => {
  const folder = tempDir();
  // It falls, and the pause before its restart is longer than anybody waits.
  variant(folder, "exits-on-event", { id: "n" });
  const limits = { restartBaseMs: 60_000, restartCapMs: 60_000 };
  const { host } = await startedHost([folder], { limits, random: () => 0.99 });
  const waiting = [host.emit(call())];
  await until("n waits for its restart", () => statusOf(host, "n").state === "restarting");
  waiting.push(host.emit(call()));
  variant(folder, "echoes-votes", { id: "n" });
  await host.reload("n");
  // Also the one that it fell over: a gate's event may be asked again.
  expect((await Promise.all(waiting)).map(votes)).toEqual([["n: continue"], ["n: continue"]]);
});

it(
  verifies("LIFE-014") + "changed code waits where the user wants to be asked; the old one runs on",
  async () => {
    const [baseDir, projectDir] = [tempDir(), tempDir()];
    const root = variant(join(baseDir, "plugins"), "echoes-votes", { id: "guard" });
    const { host } = testHost({ baseDir, projectDir });
    await host.start();
    writeFileSync(join(baseDir, "config"), "consent = strict\n");
    const pid = pidOf(host, "guard");
    writeFileSync(join(root, "more.js"), "");
    await expect(host.reload("guard")).rejects.toMatchObject({
      code: "CONSENT_PENDING",
      hint: expect.stringContaining("synaps-ext approve guard"),
    });
    expect(statusOf(host, "guard")).toMatchObject({ state: "running", process: { pid } });
    const [found] = await collectInventory({ ...settingsOf({ baseDir, projectDir }), nowMs: 0 });
    const store = new ConsentStore(baseDir);
    const records = await store.read();
    if (found?.extension) records.set(root, consentRecord(found.extension, found.coverage?.hash ?? "", 0));
    await store.write(records);
    await host.reload("guard");
    expect(pidOf(host, "guard")).not.toBe(pid);
  },
);

it(
  verifies("LIFE-015", "LIFE-031") + "one that came after the start is loaded, but not on a stranger's word",
  async () => {
    const [baseDir, projectDir] = [tempDir(), tempDir()];
    const { host } = testHost({ baseDir, projectDir });
    await host.start();
    variant(join(baseDir, "plugins"), "echoes-votes", { id: "new" });
    await expect(host.reload("new", { onlyApproved: true })).rejects.toMatchObject({
      code: "CONSENT_PENDING",
      message: "Extension 'new' is new in the user's folder and was not approved",
    });
    expect((await new ConsentStore(baseDir).read()).size).toBe(0);
    expect(host.snapshot().extensions).toEqual([]);
    await host.reload("new");
    expect(votes(await host.emit(call()))).toEqual(["new: continue"]);
    expect((await new ConsentStore(baseDir).read()).size).toBe(1);
  },
);

it(verifies("LIFE-016") + "reloads at the same time happen one after the other", async () => {
  const folder = tempDir();
  variant(folder, "echoes-votes", { id: "m" });
  const { host, log } = await startedHost([folder]);
  const first = pidOf(host, "m");
  await Promise.all([host.reload("m"), host.reload("m"), host.reload("m")]);
  await gone(first);
  const starts = log.map(({ fields }) => fields["to"]).filter((to) => to === "starting" || to === "running");
  // No process is started before the one of the reload before it runs.
  expect(starts).toEqual(Array.from({ length: 4 }, () => ["starting", "running"]).flat());
  expect(votes(await host.emit(call()))).toEqual(["m: continue"]);
  expect(host.handlerCount("before_tool_call")).toBe(1);
});

it(verifies("LIFE-017") + "a stop during a reload leaves nothing behind", async () => {
  const folder = tempDir();
  variant(folder, "echoes-votes", { id: "m" });
  const { host } = await startedHost([folder]);
  const pids = [pidOf(host, "m")];
  const reloading = host.reload("m").catch((error: unknown) => error);
  await host.stop();
  expect(await reloading).toMatchObject({ code: "HOST_STOPPED" });
  await Promise.all(pids.map(gone));
  await expect(host.reload("m")).rejects.toMatchObject({ code: "HOST_STOPPED" });
});

it(verifies("LIFE-017") + "a stop ends the process that was to take the old one's place", async () => {
  const eager = { deferred: undefined };
  const { folder, starts } = late({ id: "m", does: { declares: {} }, extension: eager });
  const { host, log } = await startedHost([folder], { limits: { handshakeMs: 60_000 } });
  late({ folder, id: "m", does: { declares: {}, slowStartMs: 60_000 }, extension: eager });
  const reloading = host.reload("m").catch((error: unknown) => error);
  await until("the new process is there", () => starts().length === 2);
  await host.stop();
  expect(starts().map(alive)).toEqual([false, false]);
  expect(await reloading).toMatchObject({ code: "HOST_STOPPED" });
  // The host ended it: it did not find it dead.
  expect(log.map(({ fields }) => fields["to"])).not.toContain("failed");
});

it(
  verifies("LIFE-020", "LIFE-021") + "unload takes the subscriptions first, and only the extension's own",
  async () => {
    const folder = tempDir();
    variant(folder, "takes-its-time", { id: "m" });
    const { host } = await startedHost([folder]);
    host.subscribe("before_tool_call", () => undefined, { id: "m" });
    const pid = pidOf(host, "m");
    const under = host.emit(call({ ms: 200 }));
    await until("the event is with it", () => statusOf(host, "m").process?.inFlight === 1);
    const unloading = host.unload("m");
    await new Promise((resolve) => setImmediate(resolve));
    // Nobody is asked any more while the process still works on what it has.
    expect([host.handlerCount("before_tool_call"), alive(pid)]).toEqual([1, true]);
    expect(votes(await under)).toEqual(["m: continue", "m: continue"]);
    await unloading;
    await gone(pid);
    expect(host.snapshot().extensions).toEqual([]);
    expect(() => host.logs("m")).toThrow(/no extension 'm'/);
    await host.reload("m");
    expect(host.handlerCount("before_tool_call")).toBe(2);
  },
);

it(verifies("LIFE-022") + "an unknown id is an error that names the known ones", async () => {
  const folder = tempDir();
  variant(folder, "echoes-votes", { id: "m" });
  const { host } = await startedHost([folder]);
  for (const attempt of [host.reload("n"), host.unload("n")])
    await expect(attempt).rejects.toMatchObject({ code: "EXTENSION_NOT_FOUND", hint: "Known: m." });
});
