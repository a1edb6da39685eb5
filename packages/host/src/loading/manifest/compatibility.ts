import { SYNAPS_VERSION } from "@synaps/sdk/protocol";
import semver from "semver";
import type { LoadedExtension } from "./loaded.js";
import type { Diagnostic } from "./diagnostic.js";

/**
 * Warns about versions that do not fit the manifest's `compatibility`. The ecosystem takes `compatibility` as advice, so
 * that it never keeps an extension from loading.
 */
export function compatibilityWarnings(
  id: string,
  file: string,
  { manifest, protocol }: Pick<LoadedExtension, "manifest" | "protocol">,
): Diagnostic[] {
  const { synaps, extension_protocol } = manifest.compatibility ?? {};
  return [
    ...check(id, file, "synaps", synaps, SYNAPS_VERSION),
    ...check(id, file, "extension_protocol", extension_protocol, `${protocol}.0.0`),
  ];
}

function check(
  id: string,
  file: string,
  key: string,
  range: string | null | undefined,
  version: string,
): Diagnostic[] {
  if (range == null || range.trim() === "") return [];
  const valid = semver.validRange(range);
  if (valid !== null && semver.satisfies(version, valid, { includePrerelease: true })) return [];
  const message =
    valid === null
      ? `compatibility.${key} '${range}' is not a version range`
      : `Extension '${id}' says that it needs ${key} ${range}; this is ${version}`;
  return [
    {
      severity: "warning",
      code: "MANIFEST_INCOMPATIBLE",
      extension: id,
      file,
      pointer: `/compatibility/${key}`,
      message,
      hint: "It is loaded all the same. If it misbehaves, ask its author for a newer version.",
    },
  ];
}
