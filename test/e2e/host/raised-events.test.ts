import type { Host } from "@synaps/host";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventOf } from "../../helpers/events.js";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { PYTHON_FRAMES } from "../../helpers/python.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { allLive, until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

const SDK = JSON.stringify(repo("packages/sdk/dist/index.js"));

/** Raises what the input of a tool says, and blocks with the error of the host, if there is one. */
const RAISER = `
import { defineExtension, serve, block } from ${SDK};
serve(defineExtension({
  hooks: {
    async before_tool_call({ tool_input }, { events }) {
      const { topic, data, times = 1 } = tool_input;
      try {
        for (let n = 0; n < times; n += 1) await events.publish(topic, data);
      } catch (error) {
        return block(error.code + " " + error.message);
      }
    },
  },
}));`;

/** Answers each event with a further one on the topic \`echo\` and the name of the first one. */
const ECHO = `
import { defineExtension, serve } from ${SDK};
serve(defineExtension({
  onEvent: {
    "deploy.**": ({ topic, data, from }, { events }) => events.publish("echo." + topic, { data, from }),
    async "ping.*"({ data }, { events, log }) {
      await new Promise(setImmediate);
      await events.publish("pong.x", data).catch((error) => log(error.message));
    },
    "pong.*": ({ data, hops }, { events, log }) => events.publish("ping.x", data).catch((error) => log(hops + " " + error.message)),
  },
}));`;

/** Reads events and writes a line for each. Begins to read after the handshake when the file \`wait\` is there. */
const follows = (features: string, wait?: string): string => `${PYTHON_FRAMES}import time
while True:
    m = read()
    if m["method"] == "initialize":
        write({"id": m["id"], "result": {"protocol_version": 3, "features": ${JSON.stringify(features)}.split(","), "capabilities": {}}})
        while ${wait === undefined ? "False" : `not os.path.exists("${wait}")`}: time.sleep(0.01)
    elif m["method"] == "event.published": print("event", file=sys.stderr, flush=True)
    elif m["method"] == "hook.dropped": print("dropped", m["params"]["dropped"], file=sys.stderr, flush=True)
    elif "id" in m: write({"id": m["id"], "result": None})
`;

async function pair(limits = {}): Promise<Host> {
  const folder = tempDir();
  const section = (permissions: string[], hooks: object[] = []) => ({
    protocol_version: 3,
    runtime: "process",
    command: "node",
    args: ["main.mjs"],
    permissions,
    hooks,
  });
  writeExtension(
    folder,
    "raiser",
    section(
      ["tools.intercept", "events.publish:deploy.**", "events.publish:ping.*"],
      [{ hook: "before_tool_call" }],
    ),
    { "main.mjs": RAISER },
  );
  for (const id of ["echo", "other"])
    writeExtension(
      folder,
      id,
      section([
        ...["deploy.*", "ping.*", "pong.*"].map((glob) => `events.subscribe:${glob}`),
        ...["echo.**", "ping.*", "pong.*"].map((glob) => `events.publish:${glob}`),
      ]),
      { "main.mjs": ECHO },
    );
  const { host } = await startedHost([folder], { limits });
  await allLive(host);
  return host;
}

const raise = (host: Host, input: object) =>
  host.emit(eventOf("before_tool_call", { tool_input: input as never }));

describe("an event that an extension raises", () => {
  it(
    verifies("INP-020") + "reaches those who follow its topic, extensions and the program, and is kept",
    async () => {
      const host = await pair();
      const seen: unknown[] = [];
      const stop = host.events.subscribe("**", ({ topic, from }) => void seen.push(`${from} ${topic}`));
      expect(await raise(host, { topic: "deploy.finished", data: { ok: true } })).toMatchObject({
        action: "continue",
      });
      await until("both answered", () => host.events.query({ topic: "echo.**" }).length === 2);
      expect([...seen].map(String).sort((a, b) => (a < b ? -1 : 1))).toEqual([
        "echo echo.deploy.finished",
        "other echo.deploy.finished",
        "raiser deploy.finished",
      ]);
      const [echoed] = host.events.query({ from: "echo" });
      expect(echoed).toMatchObject({
        topic: "echo.deploy.finished",
        data: { data: { ok: true }, from: "raiser" },
        hops: 1,
      });
      // 'deploy.*' is one name: two names behind it reach nobody who follows that.
      await raise(host, { topic: "deploy.eu.finished" });
      await raise(host, { topic: "deploy.last" });
      await until(
        "the last one was answered",
        () => host.events.query({ topic: "echo.deploy.last" }).length === 2,
      );
      expect(host.events.query({ topic: "echo.deploy.eu.*" })).toEqual([]);
      stop();
      host.events.publish("deploy.program");
      expect(seen).not.toContain("program deploy.program");
    },
  );

  it(
    verifies("INP-021") + "is refused without a permission for its topic, and for malformed parts",
    async () => {
      const host = await pair();
      const blocked = async (input: object) => {
        const outcome = await raise(host, input);
        return outcome.action === "block" ? outcome.reason : outcome.action;
      };
      expect(await blocked({ topic: "billing.paid" })).toBe(
        "-32602 permission denied: events.publish:billing.paid required",
      );
      expect(await blocked({ topic: "Deploy!" })).toMatch(
        /^-32602 .*a topic is lower-case names joined by dots/,
      );
      expect(await blocked({ topic: "deploy.x", data: "x".repeat(70_000) })).toMatch(
        /its data has 70002 bytes, at most 65536 fit/,
      );
      expect(host.events.query()).toEqual([]);
    },
  );

  it(verifies("INP-022") + "is refused beyond the quota, with the time until the next one", async () => {
    const host = await pair({ eventsPerSecond: 1, eventsBurst: 3 });
    expect(await raise(host, { topic: "deploy.x", times: 4 })).toMatchObject({
      action: "block",
      reason: expect.stringMatching(
        /^1005 too many events: 1 a second and 3 at once may be raised; the next one in \d+ ms$/,
      ),
    });
    expect(host.events.query({ topic: "deploy.x" })).toHaveLength(3);
  });

  it(
    verifies("INP-023") +
      "goes through 8 handlers at most: a loop of two extensions ends, also one that awaits",
    async () => {
      const host = await pair({ eventsPerSecond: 10_000, eventsBurst: 100_000 });
      await raise(host, { topic: "ping.start" });
      const over = (id: string) => host.logs(id).some(({ line }) => line.includes("came through 8 handlers"));
      await until("the loop ended", () => over("echo") && over("other"));
      expect(Math.max(...host.events.query({ limit: 10_000 }).map(({ hops }) => hops))).toBe(8);
    },
  );

  it(
    verifies("STREAM-009") +
      "is dropped for an extension that reads nothing, counted and told, and reaches others",
    async () => {
      const folder = tempDir();
      const follower = (id: string, program: string): void => {
        const permissions = ["events.subscribe:deploy.*"];
        const section = { protocol_version: 3, runtime: "process", command: "python3", args: ["main.py"] };
        writeExtension(folder, id, { ...section, permissions, hooks: [] }, { "main.py": program });
      };
      follower("deaf", follows("meta,events,dropped", "go"));
      follower("quick", follows("meta,events"));
      const { host, log } = await startedHost([folder]);
      await allLive(host);
      const data = "x".repeat(60_000);
      // Others are told all the same: one that reads in time misses nothing.
      for (let n = 1; n <= 60; n += 1) {
        host.events.publish("deploy.x", data);
        await until("the one that reads has it", () => host.logs("quick", 1_000).length === n);
      }
      const of = (id: string) => host.snapshot().raised.find(({ extension }) => extension === id);
      expect(of("quick")).toEqual({ extension: "quick", offered: 60, told: 60, dropped: 0 });
      const { told = 0, dropped = 0 } = of("deaf") ?? {};
      expect(of("deaf")).toEqual({ extension: "deaf", offered: 60, told, dropped });
      expect(told + dropped).toBe(60);
      expect(host.events.dropped("deaf")).toBe(dropped);
      // 1 MiB in the host and what a pipe takes hold about 20 of them.
      expect(told).toBeLessThan(30);
      const lines = log.filter(({ message }) => message === "events were dropped");
      expect(lines.map(({ fields }) => fields)).toMatchObject([
        { extension: "deaf", subscription: "event.published", dropped: 1, reason: "1 unread" },
      ]);
      const root = host.snapshot().extensions.find(({ id }) => id === "deaf")?.root ?? "";
      writeFileSync(join(root, "go"), "");
      const notices = (): number[] =>
        host
          .logs("deaf", 1_000)
          .flatMap(({ line }) => (line.startsWith("dropped ") ? [Number(line.slice(8))] : []));
      await until("it was told of all drops", () => notices().reduce((sum, n) => sum + n, 0) === dropped);
    },
  );
});
