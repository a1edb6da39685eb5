import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { describe, expect, test } from "vitest";
import { startedWith } from "../../helpers/catalog-host.js";
import { EXTENSIONS } from "../../helpers/paths.js";
import { redisProgram, RedisServer } from "../../helpers/redis-server.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";

const program = redisProgram();
const KEYS = 40;
const WORKERS = 12;

/** The built extension in a host of its own, with a configuration. */
async function hostWith(config: Readonly<Record<string, string | number>>) {
  const folders = tempDir();
  const baseDir = tempDir();
  cpSync(join(EXTENSIONS, "response-cache"), join(folders, "response-cache"), { recursive: true });
  const lines = Object.entries(config).map(([key, value]) => `${key} = ${value}\n`);
  const place = join(baseDir, "plugins", "response-cache");
  cpSync(join(folders, "response-cache", ".synaps-plugin"), join(place, ".synaps-plugin"), {
    recursive: true,
  });
  writeFileSync(join(place, "config"), lines.join(""));
  return startedWith(agentCatalog, { folders: [folders], baseDir });
}

type Started = Awaited<ReturnType<typeof hostWith>>;

async function stats({ host }: Started): Promise<Record<string, number | string>> {
  const result = await host.tools.call("response-cache:stats", {});
  return JSON.parse(String("content" in result ? result.content : "")) as Record<string, number | string>;
}

/** Readers and writers of a world of values. Each answer is compared with what its key had when it was asked for. */
class Load {
  answers = 0;
  fromCache = 0;
  readonly wrong: string[] = [];
  readonly #host: Started["host"];
  /** The version of each value in the world, and that whose write has been answered. */
  readonly #world = Array.from({ length: KEYS }, () => 0);
  readonly #answered = Array.from({ length: KEYS }, () => 0);
  #stopped = false;
  #seed = 5;
  readonly #workers: Promise<void>[];

  constructor({ host }: Started) {
    this.#host = host;
    this.#workers = Array.from({ length: WORKERS }, () => this.#work());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#workers);
  }

  /** Resolves after so many further answers. */
  async further(count: number): Promise<void> {
    const goal = this.answers + count;
    await until(`${count} further answers came`, () => this.answers >= goal);
  }

  #random(below: number): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed % below;
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      const key = this.#random(KEYS);
      await (this.#random(20) === 0 ? this.#write(key) : this.#read(key));
    }
  }

  async #read(key: number): Promise<void> {
    const least = this.#answered[key] ?? 0;
    const result = await this.#call("read", { key, of: "world" }, () => `${key} is ${this.#world[key]}`);
    const [, named, version] = /^(\d+) is (\d+)$/.exec(String("output" in result && result.output)) ?? [];
    if (Number(named) !== key || Number(version) < least)
      this.wrong.push(`${key} of at least ${least}: ${JSON.stringify(result)}`);
    if (!result.ran) this.fromCache += 1;
    this.answers += 1;
  }

  async #write(key: number): Promise<void> {
    let version = 0;
    await this.#call("write", { key }, () => `${(version = this.#world[key] = (this.#world[key] ?? 0) + 1)}`);
    this.#answered[key] = Math.max(this.#answered[key] ?? 0, version);
  }

  #call(tool_name: string, tool_input: { key: number; of?: string }, run: () => string) {
    return this.#host.intercept(
      { before: "agent.before_tool_execution", after: "agent.after_tool_execution" },
      { tool_name, tool_input, data: { component: { type: "tool", name: tool_name }, session_id: "s-1" } },
      run,
    );
  }
}

describe.skipIf(program === undefined)("Redis under load (needs apt-get or redis-server)", () => {
  test.each(["killed", "hangs"])(
    "when it %s, answers go on, none is wrong, and the outage is told",
    async (how) => {
      if (program === undefined) return;
      const server = await RedisServer.start(program);
      const started = await hostWith({
        tools: "read",
        redis_url: server.url,
        // A busy machine is no outage.
        redis_timeout_ms: 1_000,
        invalidate: '{"write": "read"}',
        ttl_ms: 600_000,
      });
      const load = new Load(started);
      try {
        await load.further(150);
        for (let round = 0; round < 2; round += 1) {
          if (how === "killed") await server.kill();
          else server.hang();
          // What had been sent before it hung may have been answered: the outage is told when a question was not.
          await until("the outage is told", async () => {
            await load.further(50);
            return String((await stats(started))["state"]).startsWith("away (");
          });
          const duringOutage = load.fromCache;
          await load.further(150);
          // Without Redis every operation runs.
          expect(load.fromCache).toBe(duringOutage);
          if (how === "killed") await server.start();
          else server.goOn();
          await until("it is back", async () => (await stats(started))["state"] === "up");
          const back = load.fromCache;
          await until("it answers again", () => load.fromCache > back + 20);
        }
        await load.stop();
        expect(load.wrong).toEqual([]);
        const figures = await stats(started);
        expect(figures).toMatchObject({ outages: 2, owed: 0, store: "redis" });
        expect(figures["hits"]).toBe(load.fromCache);
        expect(Number(figures["lookups_without"])).toBeGreaterThan(300);
        const told = started.log
          .map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`)
          .join("\n");
        expect(told.match(/is away \(/g)).toHaveLength(2);
        expect(told.match(/is back after \d+ ms: \d+ look-ups/g)).toHaveLength(2);
      } finally {
        await load.stop();
        server.goOn();
        await server.remove();
      }
    },
  );
});
