import { ExtensionError, type ConfigOf } from "@synaps/sdk";

export const CONFIG = {
  max_bytes: { type: "number", default: 64 * 1024 },
  overrides: { type: "json", default: {} },
} as const;

/** Channels and recipients with a limit of their own: enough for a relay, and a bound on the configuration. */
const MOST_OVERRIDES = 10_000;
/** Bytes of the id of a channel, and of the key of a recipient. */
const NAMES: readonly number[] = [16, 32];

export interface Limits {
  readonly maxBytes: number;
  /** By the base64 of a channel or of a recipient's key, whose lengths differ. */
  readonly overrides: ReadonlyMap<string, number>;
}

/** Checks every value. Throws an error that names the key, the value and what it may be. */
export function readLimits(config: ConfigOf<typeof CONFIG>): Limits {
  const { overrides } = config;
  if (typeof overrides !== "object" || overrides === null || Array.isArray(overrides))
    throw wrong("overrides", "a JSON object of names and bytes", overrides);
  const entries = Object.entries(overrides);
  if (entries.length > MOST_OVERRIDES)
    throw wrong("overrides", `an object of at most ${MOST_OVERRIDES} names`, entries.length);
  for (const [name, bytes] of entries) {
    const named = Buffer.from(name, "base64");
    if (!NAMES.includes(named.length) || named.toString("base64") !== name)
      throw wrong("overrides", "an object whose names are 16 or 32 bytes in base64", name);
    if (!isSize(bytes)) throw wrong(`overrides/${name}`, SIZE, bytes);
  }
  if (!isSize(config.max_bytes)) throw wrong("max_bytes", SIZE, config.max_bytes);
  return { maxBytes: config.max_bytes, overrides: new Map(entries as [string, number][]) };
}

/** The recipient's own limit goes before that of the channel, and both before the common one. */
export function limitFor(
  { maxBytes, overrides }: Limits,
  { recipient_key, channel_id }: { recipient_key: string; channel_id: string },
): number {
  return overrides.get(recipient_key) ?? overrides.get(channel_id) ?? maxBytes;
}

const SIZE = "a whole number of bytes, at least 0";

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function wrong(key: string, wanted: string, value: unknown): ExtensionError {
  const shown = (JSON.stringify(value) ?? String(value)).slice(0, 60);
  return new ExtensionError(`config key '${key}' must be ${wanted}, not ${shown}`);
}
