/** Words that people write for keys about safety, by the key that they mean. Compared without case, `_` and `-`. */
const WORDS: Readonly<Record<string, string>> = {
  on_failure:
    "onerror onfail fail failure failclosed failopen failsafe failmode failuremode failurepolicy failpolicy " +
    "failurebehavior closed required mandatory critical blocking enforce strict",
  timeout_ms: "timeout timeouts timeoutseconds timeoutsecs timeoutsec deadline deadlinems maxms",
  tools: "matcher matchers toolname toolnames toolfilter filter filters only onlytools allowedtools pattern",
  match: "when if condition conditions matches inputmatch",
  breaker: "circuitbreaker circuit breakerpolicy",
  where: "attributes attributefilter attributefilters",
  fields: "projection projections onlyfields visible",
  sandbox: "sandboxed isolation isolate jail network filesystem readonly seccomp",
  permissions: "permission allow allowed grants scopes deny denied",
  env: "environment envvars passenv envpassthrough",
  max_concurrency: "concurrency maxparallel parallel",
};

const MEANT: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([key, words]) => words.split(" ").map((word) => [word, key] as const)),
);

/** The key about safety that an unknown key was probably meant to be, wherever in the manifest it stands. */
export function safetyKeyMeant(key: string): string | undefined {
  const plain = key.toLowerCase().replace(/[_-]/g, "");
  const own = Object.keys(WORDS).find((one) => one.replace("_", "") === plain);
  return own ?? MEANT.get(plain);
}

/** Where a key about safety belongs, in words. */
export function placeOfSafetyKey(key: string): string {
  return ["on_failure", "timeout_ms", "tools", "match", "where", "fields", "breaker"].includes(key)
    ? "in an entry of /extension/hooks"
    : "in /extension";
}
