import { schemaDigest } from "@synaps/sdk/manifest";
import type { JsonValue } from "@synaps/sdk/protocol";
import type { LoadedExtension } from "../../loading/manifest/loaded.js";

/** A digest of everything that decides what a process is beside its configuration: manifest and place. */
function fingerprintOf({ manifest, root, command, args }: LoadedExtension): string {
  return schemaDigest(plain({ manifest, root, command, args }));
}

/** A digest of the configuration, which holds no secret in clear. A process with another one is replaced. */
export function configDigest({ config }: LoadedExtension): string {
  return schemaDigest(plain(config));
}

/** The kind of difference between an extension as the host read it and as it is now, if there is one. */
export function driftBetween(
  read: LoadedExtension,
  now: LoadedExtension,
): "declaration_drift" | "launch_drift" | undefined {
  if (fingerprintOf(read) === fingerprintOf(now)) return undefined;
  return offerOf(read) === offerOf(now) ? "launch_drift" : "declaration_drift";
}

/** A digest of the permissions, hooks and tools that the user agreed to. */
function offerOf({ section, deferred }: LoadedExtension): string {
  const { permissions, hooks } = section;
  return schemaDigest(plain({ permissions, hooks, deferred: deferred ?? null }));
}

/** The value as JSON has it, without keys whose value is undefined. */
function plain(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
