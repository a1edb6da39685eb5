import { rateLimit, type BuiltInClock, type KeyPart, type RateLimit } from "@synaps/builtins";
import { ExtensionError, type ConfigOf } from "@synaps/sdk";
import { globMatches } from "@synaps/sdk/protocol";

export const CONFIG = {
  limit: { type: "number", min: 1, max: 1_000_000, default: 30 },
  burst: { type: "number", min: 0, max: 1_000_000, default: 0 },
  refill: { type: "number", min: 0.001, max: 1_000_000, default: 5 },
  refill_per: { type: "string", enum: ["second", "minute"], default: "second" },
  per: { type: "string", default: "auto" },
  kinds: { type: "string", default: "*" },
  max_keys: { type: "number", min: 1, max: 1_000_000, default: 10_000 },
} as const;

/** Kinds that can be limited, by who is limited with `per = auto`. A sender is the one that `senderOf` finds. */
const GROUPS = [
  { kinds: ["gateway.connection", "gateway.auth_failure"], per: ["kind", "peer"] },
  {
    kinds: [
      "before_tool_call",
      "gateway.before_tool_call",
      "gateway.before_provider_call",
      "agent.before_agent_execution",
      "agent.before_tool_execution",
    ],
    per: ["kind", "session"],
  },
  { kinds: ["messaging.message_enqueue"], per: ["/data/sender"] },
] as const satisfies readonly { kinds: readonly string[]; per: readonly KeyPart[] }[];

const KINDS: readonly string[] = GROUPS.flatMap(({ kinds }) => kinds);

/**
 * The limit of each kind that is limited, by kind. Kinds that are counted together have the same one. Throws an ExtensionError
 * that names the key and what it may be.
 */
export function readLimits(config: ConfigOf<typeof CONFIG>, clock?: BuiltInClock): Map<string, RateLimit> {
  const limited = kindsOf(config.kinds);
  const own = config.per.trim().toLowerCase() === "auto" ? undefined : partsOf(config.per);
  const groups = own === undefined ? GROUPS : [{ kinds: KINDS, per: own }];
  return new Map(
    groups.flatMap(({ kinds, per }) => {
      const chosen = kinds.filter((kind) => limited.has(kind));
      if (chosen.length === 0) return [];
      const limit = limitOf(config, chosen, per, clock);
      return chosen.map((kind) => [kind, limit] as const);
    }),
  );
}

function limitOf(
  config: ConfigOf<typeof CONFIG>,
  kinds: readonly string[],
  per: readonly KeyPart[],
  clock: BuiltInClock | undefined,
): RateLimit {
  const { refill } = config;
  return rateLimit({
    kinds,
    per,
    ...(clock ? { clock } : {}),
    capacity: whole("limit", config.limit),
    burst: whole("burst", config.burst),
    maxKeys: whole("max_keys", config.max_keys),
    ...(config.refill_per === "second" ? { refillPerSecond: refill } : { refillPerMinute: refill }),
  });
}

function kindsOf(text: string): ReadonlySet<string> {
  const globs = listOf(text);
  const idle = globs.find((glob) => !KINDS.some((kind) => globMatches(glob, kind)));
  if (globs.length === 0 || idle !== undefined) {
    const found = idle === undefined ? "names none" : `has '${idle.slice(0, 64)}', which is none`;
    throw new ExtensionError(`config key 'kinds' ${found} of ${KINDS.join(", ")}`);
  }
  return new Set(KINDS.filter((kind) => globs.some((glob) => globMatches(glob, kind))));
}

function partsOf(text: string): readonly KeyPart[] {
  const parts = listOf(text);
  const named = ["global", "kind", "peer", "session", "tool"];
  const wrong = parts.find((part) => !named.includes(part) && !/^\/[^/]/.test(part));
  if (parts.length > 0 && parts.length <= 8 && wrong === undefined) return parts as KeyPart[];
  const found = wrong === undefined ? "" : `, and not '${wrong.slice(0, 64)}'`;
  throw new ExtensionError(
    `config key 'per' must be auto, or 1 to 8 of ${named.join(", ")} and JSON pointers such as /data/metadata/user_id${found}`,
  );
}

function whole(key: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new ExtensionError(`config key '${key}' must be a whole number, not ${value}`);
}

function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== "");
}
