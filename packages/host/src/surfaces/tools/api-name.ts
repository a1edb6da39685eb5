import { createHash } from "node:crypto";

/** Names that the APIs of models take. */
const API_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** Part of a name that is kept before the digest. */
const KEPT = 55;
const DIGEST_LENGTH = 8;

/**
 * A name for a tool that the APIs of models take, the same in every host and at every start: `_` for each other
 * character. A name that would be too long, or lose a letter by that, ends with a digest, so that it stays apart from
 * names that look the same.
 */
export function apiNameOf(runtimeName: string): string {
  const plain = runtimeName.replace(":", "_");
  if (API_NAME.test(plain)) return plain;
  const digest = createHash("sha256").update(runtimeName).digest("hex").slice(0, DIGEST_LENGTH);
  return `${plain.replace(/[^a-zA-Z0-9_-]/gu, "_").slice(0, KEPT)}_${digest}`;
}
