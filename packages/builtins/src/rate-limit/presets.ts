import type { KeyPart } from "./keys.js";

/** The members of the options that a preset sets. */
export interface RatePreset {
  /** Tokens that may be taken at once. */
  readonly capacity: number;
  /** Tokens beyond `capacity` that a bucket may hold. */
  readonly burst: number;
  readonly refillPerSecond?: number;
  readonly refillPerMinute?: number;
  readonly per: KeyPart;
}

/**
 * Rates by name. `rustyclaw`: that gateway's, for each address. `llmspell`: rs-llmspell's own hook. `llmspell_minute`: 100 in
 * each minute, as the configuration and the guide of rs-llmspell have it.
 */
export const RATE_PRESETS = Object.freeze({
  rustyclaw: Object.freeze({ capacity: 30, burst: 0, refillPerSecond: 5, per: "peer" }),
  llmspell: Object.freeze({ capacity: 100, burst: 50, refillPerSecond: 10, per: "global" }),
  llmspell_minute: Object.freeze({ capacity: 100, burst: 0, refillPerMinute: 100, per: "global" }),
} satisfies Record<string, RatePreset>);

/** Name of a preset. */
export type RatePresetName = keyof typeof RATE_PRESETS;
