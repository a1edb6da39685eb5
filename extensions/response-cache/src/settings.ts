import { ExtensionError, type ConfigOf, type ConfigSpec, type JsonValue } from "@synaps/sdk";
import { pointerKeys } from "@synaps/sdk/protocol";
import type { Scope } from "./key.js";
import type { MemoryLimits } from "./stores/memory.js";
import type { Bounds } from "./stores/store.js";

export const CONFIG = {
  tools: { type: "string", default: "" },
  agents: { type: "string", default: "" },
  scope: { type: "string", enum: ["session", "user", "everybody"], default: "session" },
  user_at: { type: "string", default: "/data/metadata/user_id" },
  vary: { type: "string", default: "/data/model" },
  ttl_ms: { type: "number", default: 300_000 },
  max_entry_bytes: { type: "number", default: 65_536 },
  invalidate: { type: "json", default: {} },
  max_entries: { type: "number", default: 1_000 },
  max_bytes: { type: "number", default: 32 * 1024 * 1024 },
  redis_url: { type: "string", default: "" },
  redis_prefix: { type: "string", default: "synaps:response-cache" },
  redis_timeout_ms: { type: "number", default: 250 },
  signing_key: { type: "string", default: "" },
} as const satisfies ConfigSpec;

export type Config = ConfigOf<typeof CONFIG>;

/** What is cached, for whom and for how long. Follows the configuration while the extension runs. */
export interface Policy extends Bounds {
  readonly tools: readonly string[];
  readonly agents: readonly string[];
  readonly scope: Scope;
  readonly vary: readonly string[];
  /** Patterns of names whose answers are dropped, by a pattern of tools that were run. */
  readonly invalidate: readonly { readonly after: string; readonly drops: readonly string[] }[];
}

/** Where answers are kept. Counts from the next start on. */
export interface Place {
  readonly memory: MemoryLimits;
  /** Undefined: in the memory of this process. */
  readonly redis: RedisPlace | undefined;
}

export interface RedisPlace {
  readonly url: string;
  /** Host and port for people: a URL may hold a password. */
  readonly shown: string;
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly signingKey: string;
}

/** Hooks after an operation see at most this much of its output. */
const MOST_SEEN_BYTES = 262_144;
const DAY_MS = 86_400_000;
const MOST_PATTERNS = 64;

/** Checks every value. Throws an ExtensionError that names the key and what it may be, never a secret. */
export function readPolicy(config: Config): Policy {
  return {
    tools: patterns("tools", config.tools),
    agents: patterns("agents", config.agents),
    scope: scopeOf(config),
    vary: words(config.vary).map((pointer) => checkedPointer("vary", pointer)),
    ttlMs: whole("ttl_ms", config.ttl_ms, 1, 24 * DAY_MS),
    maxEntryBytes: whole("max_entry_bytes", config.max_entry_bytes, 1, MOST_SEEN_BYTES),
    invalidate: rules(config.invalidate),
  };
}

/** The same for where answers are kept. */
export function readPlace(config: Config): Place {
  return {
    memory: {
      maxEntries: whole("max_entries", config.max_entries, 1, 100_000),
      maxBytes: whole("max_bytes", config.max_bytes, 1_024, 1024 * 1024 * 1024),
    },
    redis: config.redis_url.trim() === "" ? undefined : redisPlace(config),
  };
}

function redisPlace(config: Config): RedisPlace {
  const prefix = config.redis_prefix.trim();
  if (!/^[\w:.-]{1,100}$/.test(prefix))
    throw new ExtensionError(
      `config key 'redis_prefix' must be 1 to 100 letters, digits and ':._-', not '${prefix.slice(0, 40)}'`,
    );
  return {
    ...redisUrl(config.redis_url.trim()),
    prefix,
    timeoutMs: whole("redis_timeout_ms", config.redis_timeout_ms, 10, 2_000),
    signingKey: config.signing_key,
  };
}

function redisUrl(text: string): Pick<RedisPlace, "url" | "shown"> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== "")
    return { url: text, shown: `${url.hostname}:${url.port || "6379"}` };
  throw new ExtensionError(
    "config key 'redis_url' must be redis://[user:password@]host[:port][/number], or rediss:// for TLS (the value is not shown: it may hold a password)",
  );
}

function scopeOf({ scope, user_at: at }: Config): Scope {
  if (scope !== "user") return { of: scope };
  return { of: "user", at: checkedPointer("user_at", at.trim()) };
}

function rules(sent: JsonValue): Policy["invalidate"] {
  if (typeof sent !== "object" || sent === null || Array.isArray(sent))
    throw new ExtensionError(
      `config key 'invalidate' must be an object as {"write_file": "read_file list_*"}, not ${shown(sent)}`,
    );
  const found = Object.entries(sent).map(([after, drops]) => {
    if (typeof drops !== "string" || words(drops).length === 0)
      throw new ExtensionError(
        `config key 'invalidate': '${after.slice(0, 40)}' must name tools and agents whose answers are dropped, not ${shown(drops)}`,
      );
    return { after, drops: patterns("invalidate", drops) };
  });
  const count = new Set(found.flatMap(({ drops }) => drops)).size;
  if (found.length > MOST_PATTERNS || count > MOST_PATTERNS)
    throw new ExtensionError(`config key 'invalidate' may hold ${MOST_PATTERNS} rules and as many patterns`);
  return found;
}

function patterns(key: string, text: string): string[] {
  const found = words(text);
  const long = found.find((word) => word.length > 200);
  if (found.length <= MOST_PATTERNS && long === undefined) return found;
  throw new ExtensionError(`config key '${key}' may hold ${MOST_PATTERNS} names of at most 200 characters`);
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function checkedPointer(key: string, pointer: string): string {
  const keys = pointerKeys(pointer);
  if (keys !== undefined && keys.length > 0) return pointer;
  throw new ExtensionError(
    `config key '${key}' must name members by JSON pointers as /data/metadata/user_id, not '${pointer.slice(0, 80)}'`,
  );
}

function whole(key: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new ExtensionError(
    `config key '${key}' must be a whole number from ${least} to ${most}, not ${value}`,
  );
}

function shown(value: JsonValue | undefined): string {
  return JSON.stringify(value)?.slice(0, 40) ?? "nothing";
}
