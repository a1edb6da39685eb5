/** Code of a problem in a manifest. Codes are stable; messages may change. */
export type ProblemCode =
  | "MANIFEST_NOT_JSON"
  | "MANIFEST_INVALID"
  | "MANIFEST_UNSUPPORTED"
  | "MANIFEST_UNKNOWN_KEY"
  | "MANIFEST_NOT_ENFORCED"
  | "MANIFEST_DEAD_FILTER"
  | "MANIFEST_ENTRY_UNUSED"
  | "CATALOG_ABSENT"
  | "PERMISSION_UNKNOWN"
  | "PERMISSION_MISSING";

/** One thing that is wrong with a manifest. An error keeps the extension from loading, a warning does not. */
export interface ManifestProblem {
  severity: "error" | "warning";
  code: ProblemCode;
  /** JSON pointer into the manifest; empty for the whole document. */
  pointer: string;
  message: string;
  /** What to do about it. */
  hint?: string;
  /** A key that stands there and should not, where it is another than the pointer's. */
  key?: string;
}

/** A warning about an entry that is left out. */
export function unusedEntry(pointer: string, message: string): ManifestProblem {
  const hint = "It is left out: correct or remove it.";
  return { severity: "warning", code: "MANIFEST_ENTRY_UNUSED", pointer, message, hint };
}

/** An error in one entry, which fails the whole manifest. */
export function wrongEntry(pointer: string, message: string, hint: string): ManifestProblem {
  return { severity: "error", code: "MANIFEST_INVALID", pointer, message, hint };
}
