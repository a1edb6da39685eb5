import { schemaDigest } from "@synaps/sdk/manifest";
import type { JsonValue } from "@synaps/sdk/protocol";
import type { LoadedExtension } from "../../loading/manifest/loaded.js";

/** Everything that decides what a process is: manifest, place and configuration. Holds no secret in clear. */
export function fingerprintOf({ manifest, root, command, args, config }: LoadedExtension): string {
  return schemaDigest(plain({ manifest, root, command, args, config }));
}

/** In what an extension's folder and configuration no longer are what the host has read, if so. */
export function driftBetween(
  read: LoadedExtension,
  now: LoadedExtension,
): "declaration_drift" | "launch_drift" | undefined {
  if (fingerprintOf(read) === fingerprintOf(now)) return undefined;
  return offerOf(read) === offerOf(now) ? "launch_drift" : "declaration_drift";
}

/** What was shown and agreed to. */
function offerOf({ section, deferred }: LoadedExtension): string {
  const { permissions, hooks } = section;
  return schemaDigest(plain({ permissions, hooks, deferred: deferred ?? null }));
}

/** Without keys whose value is undefined, as JSON has it. */
function plain(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
