import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { SYSTEM_CLOCK } from "../../../extensions/response-cache/src/clock.js";
import { redisStore } from "../../../extensions/response-cache/src/stores/redis.js";
import type { Store } from "../../../extensions/response-cache/src/stores/store.js";
import { RedisServer, redisProgram } from "../../helpers/redis-server.js";

const program = redisProgram();
const PREFIX = "test:cache";
const KEY = "a".repeat(64);

describe.skipIf(program === undefined)(
  "answers in a real redis-server (needs apt-get or redis-server)",
  () => {
    let server: RedisServer;
    let lines: string[] = [];

    beforeAll(async () => {
      if (program === undefined) return;
      server = await RedisServer.start(program);
      return () => server.remove();
    });
    afterEach(() => void (lines = []));

    async function opened(
      changes: { folder?: string; signingKey?: string; timeoutMs?: number } = {},
    ): Promise<Store> {
      const { folder = tempDir(), signingKey = "", timeoutMs = 2_000 } = changes;
      const place = { url: server.url, shown: "redis:1", prefix: PREFIX, timeoutMs, signingKey };
      const bounds = { ttlMs: 60_000, maxEntryBytes: 100 };
      const log = (line: string): void => void lines.push(line);
      const store = await redisStore(place, () => bounds, { clock: SYSTEM_CLOCK, log, folder });
      onTestFinished(() => store.close());
      return store;
    }

    /** Keeps an output once the groups have their tokens, and waits until it stands in Redis. */
    async function kept(store: Store, key: string, output: string, groups = ["all"]): Promise<string> {
      await until("there is a seal", async () => (await store.find(key, groups)).seal !== undefined);
      const { seal = "" } = await store.find(key, groups);
      store.keep(key, seal, output);
      await until("it is kept", async () => (await store.find(key, groups)).output === output);
      return seal;
    }

    async function raw() {
      const client = createClient({ url: server.url });
      // The server is killed under it.
      client.on("error", () => undefined);
      await client.connect();
      onTestFinished(() => client.destroy());
      await client.flushAll();
      const only = async (glob: string): Promise<string> => {
        const keys = await client.keys(`${PREFIX}:*:${glob}`);
        expect(keys).toHaveLength(1);
        return keys[0] as string;
      };
      return { client, only };
    }

    test("a process finds what another one kept, and nothing after another one dropped it", async () => {
      await raw();
      const [one, two] = [await opened(), await opened()];
      const seal = await kept(one, KEY, "ü".repeat(50));
      expect(await two.find(KEY, ["all"])).toEqual({ seal, output: "ü".repeat(50) });
      await two.drop(["all"]);
      const { output, seal: next } = await one.find(KEY, ["all"]);
      expect([output, next === seal]).toEqual([undefined, false]);
      // An operation that began before has the seal of that time.
      one.keep(KEY, seal, "as it was");
      await until("it is written", async () => one.status()["written"] === 2);
      expect((await two.find(KEY, ["all"])).output).toBeUndefined();
    });

    test("hostile values are misses that are told, and an own entry takes their place", async () => {
      const { client, only } = await raw();
      const store = await opened();
      await kept(store, KEY, "right");
      const name = await only("e:*");
      const right = (await client.get(name)) ?? "";
      const [head = "", body] = right.split("\n");
      const [version, digest, time, seal] = head.split(" ");
      const values: [string, string, string][] = [
        ["changed output", `${head}\nwrong`, "wrong_tampered"],
        ["changed time", `${version} ${digest} ${Number(time) + 1} ${seal}\n${body}`, "wrong_tampered"],
        ["other version", right.replace("rc1", "rc2"), "wrong_no_entry"],
        ["no entry at all", "{}", "wrong_no_entry"],
        ["nothing but a line", "\n", "wrong_no_entry"],
        ["huge", "x".repeat(10_000_000), "wrong_too_large"],
      ];
      for (const [what, value, figure] of values) {
        const before = Number(store.status()[figure] ?? 0);
        await client.set(name, value);
        expect((await store.find(KEY, ["all"])).output, what).toBeUndefined();
        expect(store.status()[figure], what).toBe(before + 1);
      }
      // An entry of another key, as it stands.
      await kept(store, "b".repeat(64), "of b");
      await client.copy(name.replace(KEY, "b".repeat(64)), name, { REPLACE: true });
      expect((await store.find(KEY, ["all"])).output).toBeUndefined();
      await client.del(name);
      await client.hSet(name, "a", "list");
      expect((await store.find(KEY, ["all"])).output).toBeUndefined();
      expect(store.status()).toMatchObject({ wrong_wrong_type: 1, wrong_tampered: 3, state: "up" });
      expect(lines.join("\n")).toMatch(
        /a value below 'test:cache' in Redis is not ours \(tampered\): counted as a miss; 1 so far/,
      );
      await kept(store, KEY, "right again");
    });

    test("a signing key keeps out who can write but does not know it", async () => {
      await raw();
      const [theirs, ours] = [await opened({ signingKey: "other" }), await opened({ signingKey: "secret" })];
      await kept(theirs, KEY, "poison");
      expect((await ours.find(KEY, ["all"])).output).toBeUndefined();
      expect(ours.status()).toMatchObject({ wrong_tampered: 1 });
    });

    test("a token that is gone or strange makes all entries below it invalid", async () => {
      const { client, only } = await raw();
      const store = await opened();
      await kept(store, KEY, "right");
      const group = await only("g:*");
      const spoils = [
        () => client.del(group),
        () => client.set(group, "x".repeat(1_000)),
        async () => {
          await client.del(group);
          await client.lPush(group, "x");
        },
      ];
      for (const spoil of spoils) {
        await kept(store, KEY, "right");
        await spoil();
        expect((await store.find(KEY, ["all"])).output).toBeUndefined();
        await until(
          "there is a token again",
          async () => (await store.find(KEY, ["all"])).seal !== undefined,
        );
        expect((await store.find(KEY, ["all"])).output).toBeUndefined();
      }
      expect(store.status()).toMatchObject({ wrong_no_token: 2 });
    });

    test("a server that comes back with all its data answers nothing of the time before", async () => {
      await raw();
      const store = await opened();
      await kept(store, KEY, "before the crash");
      await server.kill();
      await until("it is noticed", () => String(store.status()["state"]).startsWith("away"));
      await server.start();
      await until("it is back", () => store.status()["state"] === "up");
      expect((await store.find(KEY, ["all"])).output).toBeUndefined();
      await kept(store, KEY, "after it");
      expect(lines[0]).toMatch(
        /^Redis at redis:1 is away \(.+\): operations run as if nothing were kept until it is back$/,
      );
      expect(lines[1]).toMatch(
        /^Redis at redis:1 is back after \d+ ms: \d+ look-ups and 0 writes went without it, 0 invalidations were made up for$/,
      );
    });

    test("a server that hangs is given up after one deadline, and later look-ups do not wait for it", async () => {
      await raw();
      const store = await opened({ timeoutMs: 250 });
      await kept(store, KEY, "before");
      server.hang();
      try {
        const looks = await Promise.all(Array.from({ length: 50 }, () => store.find(KEY, ["all"])));
        expect(new Set(looks.map(({ away }) => away))).toEqual(new Set(["Redis is down"]));
        expect(store.status()["state"]).toBe("away (no reply within 250 ms)");
        expect(await store.find(KEY, ["all"])).toEqual({ away: "Redis is down" });
        store.keep(KEY, "0".repeat(32), "lost");
        // It still runs: what it kept would be right, but an invalidation must not be forgotten meanwhile.
        await store.drop(["all"]);
        expect(store.status()).toMatchObject({ owed: 1, dropped: 1 });
      } finally {
        server.goOn();
      }
      await until("it is back", () => store.status()["state"] === "up");
      expect(store.status()).toMatchObject({ owed: 0, outages: 1, lookups_without: 51 });
      expect((await store.find(KEY, ["all"])).output).toBeUndefined();
      expect(lines.at(-1)).toMatch(
        /51 look-ups and 1 writes went without it, 1 invalidations were made up for$/,
      );
    });

    test("an invalidation outlives the process that could not carry it out, and a damaged note counts as everything", async () => {
      await raw();
      const folder = tempDir();
      const [other, first] = [await opened(), await opened({ folder, timeoutMs: 250 })];
      for (const damage of [false, true]) {
        await kept(other, KEY, "as it was", ["all", "read"]);
        server.hang();
        await first.drop(["read"]);
        const [file = ""] = readdirSync(join(folder, "data"));
        expect(file).toMatch(/^owed-[0-9a-f]{12}-\d+\.json$/);
        server.goOn();
        await until(
          "it is carried out",
          () => first.status()["state"] === "up" && first.status()["owed"] === 0,
        );
        expect(readdirSync(join(folder, "data"))).toEqual([]);
        // As an earlier process left it, which ended without having carried it out.
        mkdirSync(join(folder, "data"), { recursive: true });
        await until("others are back", () => other.status()["state"] === "up");
        await kept(other, KEY, "as it was", ["all", "read"]);
        writeFileSync(
          join(folder, "data", file.replace(/\d+\.json/, "1.json")),
          damage ? '["re' : '["read"]',
        );
        const next = await opened({ folder });
        expect((await next.find(KEY, ["all", "read"])).output).toBeUndefined();
        await until("it is carried out", () => next.status()["owed"] === 0);
        expect((await other.find(KEY, ["all", "read"])).output).toBeUndefined();
        expect(readdirSync(join(folder, "data"))).toEqual([]);
        expect(lines.join("\n")).toContain("1 invalidations of an earlier process wait for Redis");
      }
    });

    test("a server that refuses the password is told by its word, never with the password", async () => {
      const { client } = await raw();
      await client.aclSetUser("me", ["on", ">right", "allcommands", "allkeys"]);
      const place = { url: `redis://me:hunter2@127.0.0.1:${server.port}`, shown: "redis:1", prefix: PREFIX };
      const surroundings = {
        clock: SYSTEM_CLOCK,
        log: (line: string) => void lines.push(line),
        folder: tempDir(),
      };
      const bounds = { ttlMs: 60_000, maxEntryBytes: 100 };
      const store = await redisStore(
        { ...place, timeoutMs: 2_000, signingKey: "" },
        () => bounds,
        surroundings,
      );
      expect(store.status()["state"]).toBe("away (it answered WRONGPASS)");
      await store.close();
      expect(lines.join("\n")).not.toContain("hunter2");
    });
  },
);
