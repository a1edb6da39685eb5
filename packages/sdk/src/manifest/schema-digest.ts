import { createHash } from "node:crypto";
import type { JsonValue } from "../protocol/json.js";
import { canonicalJson } from "../values/canonical.js";

/** Hash of a JSON value that does not depend on the order of keys: the same schema, the same digest. */
export function schemaDigest(value: JsonValue): string {
  return `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;
}
