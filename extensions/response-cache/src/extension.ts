import { cached, defineExtension, type CallContext, type Extension } from "@synaps/sdk";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { ResponseCache, type Look, type Ran } from "./cache.js";
import { SYSTEM_CLOCK, type Clock } from "./clock.js";
import type { Area, Asked } from "./key.js";
import { CONFIG, readPlace, readPolicy, type Config } from "./settings.js";
import { memoryStore } from "./stores/memory.js";
import type { Store } from "./stores/store.js";

type Before = Asked & Pick<Ran, "meta">;

/** Answers repeated operations of tools and agents from what they answered before. */
export function responseCache(clock: Clock = SYSTEM_CLOCK): Extension<readonly [typeof agentCatalog]> {
  let cache: ResponseCache | undefined;
  let store: Store | undefined;

  const before = async (area: Area, event: Before, { annotate }: Pick<CallContext, "annotate">) => {
    const look: Look = (await cache?.before(area, event)) ?? { end: "not_selected" };
    if (look.end === "not_selected") return undefined;
    annotate("response_cache", look.end === "away" ? `away: ${look.why}` : look.end);
    return look.end === "hit" ? cached(look.output) : undefined;
  };
  const after = async (area: Area, event: Ran): Promise<undefined> => {
    await cache?.after(area, event);
    return undefined;
  };

  return defineExtension({
    catalogs: [agentCatalog],
    config: CONFIG,
    async start({ config, root, log }) {
      const [policy, place] = [readPolicy(config), readPlace(config)];
      const bounds = () => cache?.policy ?? policy;
      store = memoryStore(place.memory, bounds, clock);
      if (place.redis !== undefined) {
        // Its client is the largest part of this program; most run without.
        const { redisStore } = await import("./stores/redis.js");
        store = await redisStore(place.redis, bounds, { clock, log, folder: root ?? process.cwd() });
      }
      cache = new ResponseCache(policy, store, clock);
      if (policy.tools.length + policy.agents.length === 0)
        log("nothing is cached: config keys 'tools' and 'agents' name nothing");
    },
    onConfigChange({ key }, { config, log }) {
      if (cache === undefined) return;
      if (key in PLACE_KEYS) return log(`config key '${key}' counts from the next start on`);
      try {
        cache.policy = readPolicy(config as Config);
        log(`config key '${key}' changed: it counts from now on`);
      } catch (error) {
        log(`${error instanceof Error ? error.message : String(error)}; the values before go on`);
      }
    },
    async stop({ log }) {
      if (cache !== undefined) log(`at the end: ${JSON.stringify(cache.stats())}`);
      await store?.close();
    },
    hooks: {
      "agent.before_tool_execution": (event, context) => before("tool", event as Before, context),
      "agent.before_agent_execution": (event, context) => before("agent", event as Before, context),
      "agent.after_tool_execution": (event) => after("tool", event as Ran),
      "agent.after_agent_execution": (event) => after("agent", event as Ran),
      "agent.tool_error": async (event) => {
        await cache?.failed(event as Ran);
        return undefined;
      },
    },
    tools: {
      stats: {
        description:
          "Figures of the cache since its start: hits, misses, what was not kept and why, state of the store.",
        input_schema: NO_INPUT,
        idempotent: true,
        run: () => cache?.stats() ?? {},
      },
      clear: {
        description: "Drops every answer that is kept, for everybody who shares the store.",
        input_schema: NO_INPUT,
        idempotent: true,
        async run() {
          await cache?.clear();
          return cache?.stats() ?? {};
        },
      },
    },
  });
}

const NO_INPUT = { type: "object", properties: {}, additionalProperties: false };

/** Keys of the place where answers are kept. */
const PLACE_KEYS = {
  max_entries: 0,
  max_bytes: 0,
  redis_url: 0,
  redis_prefix: 0,
  redis_timeout_ms: 0,
  signing_key: 0,
};
