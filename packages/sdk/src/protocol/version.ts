/** Wire protocol versions a manifest may name. 1 and 2 are the public ecosystem's, 3 is ours. */
export const PROTOCOL_VERSIONS = [1, 2, 3] as const;

/** A version of the wire protocol. */
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** Version assumed when a manifest or a very old handshake reply names none. */
export const DEFAULT_PROTOCOL_VERSION: ProtocolVersion = 1;

/** The reference host's release whose behaviour protocols 1 and 2 get; sent as `synaps_version`. */
export const SYNAPS_VERSION = "0.7.1";

/** Abilities that protocol 3 peers offer each other in `initialize`; only what both list is used. */
export const PROTOCOL_FEATURES = [
  "meta",
  "cancel",
  "ping",
  "batch",
  "progress",
  "config.changed",
  "events",
  "dropped",
] as const;

/** An ability of `PROTOCOL_FEATURES`. */
export type ProtocolFeature = (typeof PROTOCOL_FEATURES)[number];

/** True for a number of `PROTOCOL_VERSIONS`. Takes anything and never throws. */
export function isProtocolVersion(value: unknown): value is ProtocolVersion {
  return (PROTOCOL_VERSIONS as readonly unknown[]).includes(value);
}

/** The features of `offered` that this release knows, in our order. Anything that is not a list is none. */
export function knownFeatures(offered: unknown): ProtocolFeature[] {
  if (!Array.isArray(offered)) return [];
  return PROTOCOL_FEATURES.filter((feature) => offered.includes(feature));
}
