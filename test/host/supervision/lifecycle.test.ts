import { join } from "node:path";
import { createHost, findHosts, type LoadEvent } from "@synaps/host";
import { describe, expect, it, onTestFinished } from "vitest";
import { QuarantineStore } from "../../../packages/host/src/loading/records/quarantine-store.js";
import { Reloader } from "../../../packages/host/src/supervision/reload.js";
import { settingsOf } from "../../../packages/host/src/settings.js";
import { call, inState, statusOf, variant, votes } from "../../e2e/host/support/fixture.js";
import { FAST, startedHost, testHost } from "../../helpers/hosts.js";
import { late } from "../../helpers/late.js";
import { registryOfHost } from "../../helpers/registry-of-host.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";

const EAGER = { deferred: undefined };

function oneExtension(id = "m"): string {
  const folder = tempDir();
  variant(folder, "echoes-votes", { id });
  return folder;
}

/** An extension that takes a minute for its handshake, until it is written anew. */
function slowExtension(): { folder: string; starts(): number[]; repair(): void } {
  const made = late({ id: "m", does: { declares: {}, slowStartMs: 60_000 }, extension: EAGER });
  const { folder, starts } = made;
  return {
    folder,
    starts,
    repair: () => void late({ folder, id: "m", does: { declares: {} }, extension: EAGER }),
  };
}

describe("start and stop", () => {
  it("a stop at any moment of a start leaves no socket and no process, and the start resolves", async () => {
    for (const turns of [0, 1, 5, 20, 50]) {
      const [folder, baseDir] = [oneExtension(), tempDir()];
      const { host } = testHost({ folders: [folder], baseDir, control: true });
      const started = host.start();
      for (let n = 0; n < turns; n += 1) await new Promise((resolve) => setImmediate(resolve));
      await host.stop();
      await started;
      expect(findHosts(baseDir)).toEqual([]);
      expect(host.snapshot().extensions.map(({ state }) => state)).toEqual(["stopped"]);
      expect(host.loadResult.state).toBe("done");
      const { loaded, failed } = host.loadResult;
      expect([...loaded, ...failed.map(({ extension }) => extension)]).toEqual(["m"]);
      await expect(host.start()).rejects.toMatchObject({ code: "HOST_STOPPED" });
    }
  });

  it("an extension whose start the stop cut short is reported once, as stopped", async () => {
    const { folder, starts } = slowExtension();
    const { host, log } = testHost({ folders: [folder], limits: { handshakeMs: 60_000 } });
    const started = host.start();
    await until("its process is there", () => starts().length === 1);
    await host.stop();
    await started;
    expect(host.loadResult.failed).toMatchObject([{ extension: "m", code: "HOST_STOPPED" }]);
    // The extension did nothing wrong.
    expect(log.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("a start that cannot read anything is reported with its reason, and told to the log", async () => {
    const { host, log } = testHost({ folders: [join(tempDir(), "missing")] });
    const events: LoadEvent[] = [];
    host.onLoad((event) => void events.push(event));
    await expect(host.start()).rejects.toMatchObject({ code: "FOLDER_NOT_FOUND" });
    expect(events).toMatchObject([
      { type: "started" },
      { type: "aborted", problem: { code: "FOLDER_NOT_FOUND", reason: expect.stringContaining("missing") } },
    ]);
    expect(host.loadResult).toMatchObject({ state: "aborted", problem: { code: "FOLDER_NOT_FOUND" } });
    expect(log.filter(({ level }) => level === "error")).toMatchObject([
      { fields: { code: "FOLDER_NOT_FOUND" } },
    ]);
  });

  it("the end of an 'await using' block stops the host", async () => {
    const host = createHost({ folders: [oneExtension()], baseDir: tempDir(), limits: FAST });
    await host.start();
    await host[Symbol.asyncDispose]();
    expect(statusOf(host, "m").state).toBe("stopped");
  });
});

describe("reload around a start", () => {
  it("before the start, or while it reads, makes no second member", async () => {
    for (const order of ["before", "with"] as const) {
      const { host } = testHost({ folders: [oneExtension()] });
      const reloaded = host.reload("m");
      if (order === "before") await reloaded;
      await Promise.all([reloaded, host.start()]);
      expect(votes(await host.emit(call()))).toEqual(["m: continue"]);
      expect(host.snapshot().extensions.map(({ id, state }) => `${id} ${state}`)).toEqual(["m running"]);
      expect(host.loadResult).toMatchObject({ loaded: ["m"], failed: [] });
    }
  });

  it("during a start that hangs, the extension is reported once, as loaded", async () => {
    const { folder, starts, repair } = slowExtension();
    const { host } = testHost({ folders: [folder], limits: { handshakeMs: 60_000 } });
    const events: LoadEvent["type"][] = [];
    host.onLoad(({ type }) => void events.push(type));
    const started = host.start();
    await until("its process is there", () => starts().length === 1);
    repair();
    await host.reload("m");
    await started;
    expect(events).toEqual(["started", "loaded", "finished"]);
    expect(host.loadResult).toMatchObject({ state: "done", loaded: ["m"], failed: [] });
  });

  it("an unload during the start is reported once, as stopped", async () => {
    const { folder, starts } = slowExtension();
    const { host } = testHost({ folders: [folder], limits: { handshakeMs: 60_000 } });
    const started = host.start();
    await until("its process is there", () => starts().length === 1);
    await host.unload("m");
    await started;
    expect(host.loadResult).toMatchObject({
      loaded: [],
      failed: [{ extension: "m", code: "EXTENSION_STOPPED" }],
    });
    expect(host.snapshot().extensions).toEqual([]);
  });

  it("starts no process when the host is stopped while the folder is read", async () => {
    const made = late({ id: "m", does: { declares: {} }, extension: EAGER });
    const settings = settingsOf({ folders: [made.folder], baseDir: tempDir(), limits: FAST });
    const registry = registryOfHost(settings);
    onTestFinished(() => registry.stop(Promise.resolve()));
    await registry.load();
    await registry.start();
    const states: string[] = [];
    registry.onState((_, __, to) => void states.push(to));
    const reloading = new Reloader(settings, registry).reload("m").catch((error: unknown) => error);
    // One turn: the reload has begun, and the first file is not read yet.
    await new Promise((resolve) => setImmediate(resolve));
    expect(states).toEqual([]);
    const stopped = registry.stop(Promise.resolve());
    expect(await reloading).toMatchObject({ code: "HOST_STOPPED" });
    await stopped;
    expect(states).toEqual(["stopped"]);
    expect(made.starts()).toHaveLength(1);
  });

  it("clears the note of a quarantine, also on disk and before any start", async () => {
    const [folder, baseDir] = [oneExtension(), tempDir()];
    const store = new QuarantineStore(baseDir);
    await store.set(join(folder, "m"), { since: Date.now(), reason: "crashed" });
    await store.set("/another", { since: Date.now(), reason: "crashed elsewhere" });
    const { host } = testHost({ folders: [folder], baseDir });
    await host.reload("m");
    await host.stop();
    const next = new QuarantineStore(baseDir);
    await next.load();
    expect([next.get(join(folder, "m")), next.get("/another")?.reason]).toEqual([
      undefined,
      "crashed elsewhere",
    ]);
  });
});

describe("resume", () => {
  it("rejects with the reason when the start that it waited for failed", async () => {
    const [folder, marker] = [tempDir(), join(tempDir(), "marker")];
    variant(folder, "exits-on-event", { id: "bad", args: ["broken", marker] });
    const limits = { restartBaseMs: 200, restartCapMs: 200 };
    const { host } = await startedHost([folder], { limits, random: () => 0.99 });
    void host.emit(call({ exit: true }));
    await inState(host, "bad", "restarting");
    await expect(host.resume("bad")).rejects.toMatchObject({ code: "SPAWN_EXITED_EARLY" });
    expect(statusOf(host, "bad").state).toBe("failed");
    await expect(host.resume("bad")).rejects.toMatchObject({ code: "SPAWN_EXITED_EARLY" });
  });

  it("rejects when the extension or the host is stopped meanwhile", async () => {
    for (const end of ["unload", "stop"] as const) {
      const { folder, starts } = slowExtension();
      const { host } = testHost({ folders: [folder], limits: { handshakeMs: 60_000 } });
      const started = host.start();
      await until("its process is there", () => starts().length === 1);
      const resumed = host.resume("m").catch((error: unknown) => error);
      await (end === "stop" ? host.stop() : host.unload("m"));
      const code = end === "stop" ? "HOST_STOPPED" : "EXTENSION_STOPPED";
      expect(await resumed).toMatchObject({ code });
      await started;
    }
  });

  it("ends a probation: the next crash is a first crash again", async () => {
    const folder = tempDir();
    variant(folder, "exits-on-event", { id: "bad", args: ["on-request"] });
    const limits = { crashBudget: 2, quarantineProbeMs: 50, restartResetMs: 60_000, poisonCrashes: 100 };
    const { host, log } = await startedHost([folder], { limits });
    await host.emit(call({ exit: true }));
    await inState(host, "bad", "quarantined");
    await inState(host, "bad", "degraded");
    await host.resume("bad");
    log.length = 0;
    await host.emit(call({ exit: true, n: 2 }));
    const nexts = log
      .filter(({ message }) => message === "extension crashed")
      .map(({ fields }) => fields["next"]);
    expect(nexts[0]).toBe("restart");
  });
});

describe("listeners of the program that throw", () => {
  it("hurt nobody, whether they follow the log or the start", async () => {
    const folder = tempDir();
    variant(folder, "floods-stderr", { id: "m" });
    const { host, log } = testHost({ folders: [folder] });
    host.onLoad(() => Promise.reject(new Error("the start")) as never);
    await host.start();
    host.onLog("m", () => {
      throw new Error("the log");
    });
    const seen: string[] = [];
    host.onLog("m", ({ line }) => void seen.push(line));
    await host.emit(call());
    await until("a line was seen", () => seen.length > 0);
    const reasons = log.filter(({ message }) => /^a listener for .* failed$/.test(message));
    expect(new Set(reasons.map(({ fields }) => fields["reason"]))).toEqual(new Set(["the start", "the log"]));
  });
});

describe("two hosts of one program on one base folder", () => {
  it("have a control socket each, and the stop of one takes nothing from the other", async () => {
    const [folder, baseDir] = [oneExtension(), tempDir()];
    const options = { baseDir, control: true };
    const [one, two] = [await startedHost([folder], options), await startedHost([folder], options)];
    const statuses = await Promise.all(findHosts(baseDir).map((client) => client.status()));
    const pids = [one, two].map(({ host }) => statusOf(host, "m").process?.pid);
    const seen = statuses.map(({ extensions }) => String(extensions[0]?.process?.pid));
    expect(seen.sort()).toEqual([...pids].map(String).sort());
    await two.host.stop();
    const [left, ...none] = findHosts(baseDir);
    expect(none).toEqual([]);
    expect((await left?.status())?.extensions).toMatchObject([{ process: { pid: pids[0] } }]);
  });
});
