/** Credentials of the host itself: no extension may ask for them, whatever it declares. */
const HOST_CREDENTIALS = new Set([
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "GEMINI_API_KEY",
  "GOOGLE_API_KEY",
  "XAI_API_KEY",
  "GROQ_API_KEY",
  "OPENROUTER_API_KEY",
  "DEEPSEEK_API_KEY",
  "MISTRAL_API_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
]);

/** Variables that make a loader or an interpreter run code of somebody's choice. */
const LOADER_VARIABLES = [
  /^LD_/,
  /^DYLD_/,
  /^NODE_OPTIONS$/,
  /^NODE_PATH$/,
  /^NODE_EXTRA_CA_CERTS$/,
  /^PYTHON(STARTUP|PATH|HOME|INSPECT)$/,
  /^PERL5(LIB|OPT|DB)$/,
  /^PERLLIB$/,
  /^RUBY(OPT|LIB)$/,
  /^JAVA_TOOL_OPTIONS$/,
  /^_JAVA_OPTIONS$/,
  /^BASH_ENV$/,
  /^ENV$/,
  /^GCONV_PATH$/,
  /^GIT_(SSH|SSH_COMMAND|EXTERNAL_DIFF|EXEC_PATH)$/,
];

/**
 * Returns the reason why a manifest may not name this variable, or undefined when it may; `keys` are those of its
 * configuration. Case-insensitive. The override of another extension may begin like one of this extension: `notes` has no
 * key `pro_token` unless it declares one, but `notes-pro` may have a `token`.
 */
export function forbiddenEnvName(
  name: string,
  extensionId: string,
  keys: readonly string[] = [],
): string | undefined {
  const upper = name.trim().toUpperCase();
  const why = hostEnvName(name, extensionId, keys);
  if (why !== undefined) return why;
  if (LOADER_VARIABLES.some((pattern) => pattern.test(upper))) return "it changes what code a program loads";
  return undefined;
}

/** The same for `secret_env`: its variable becomes a value of the configuration, so that loader variables do no harm. */
export function hostEnvName(
  name: string,
  extensionId: string,
  keys: readonly string[] = [],
): string | undefined {
  const upper = name.trim().toUpperCase();
  if (upper === "") return "the name is empty";
  if (HOST_CREDENTIALS.has(upper)) return "it is a host credential";
  if (upper.startsWith("SYNAPS_") && !upper.startsWith(overridePrefix(extensionId))) {
    return "it belongs to the host namespace SYNAPS_*";
  }
  if (
    isAmbiguousOverride(upper, extensionId) &&
    !keys.some((key) => overrideName(extensionId, key) === upper)
  )
    return "it may belong to another extension: no key of this one has this variable";
  return undefined;
}

/** True for a variable that can be read as an override of this extension and of one whose id goes on. */
function isAmbiguousOverride(upper: string, extensionId: string): boolean {
  const prefix = overridePrefix(extensionId);
  return upper.startsWith(prefix) && upper.slice(prefix.length).includes("_");
}

/** The environment as one of several extensions may see it: without the overrides of those whose ids begin like its own. */
export function ownEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  extensionId: string,
  ids: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const own = overridePrefix(extensionId);
  const others = ids.map(overridePrefix).filter((prefix) => prefix !== own && prefix.startsWith(own));
  if (others.length === 0) return env;
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !others.some((prefix) => name.toUpperCase().startsWith(prefix))),
  );
}

/** Start of the variables that override this extension's configuration: only `-` becomes `_`. */
export function overridePrefix(extensionId: string): string {
  return `SYNAPS_EXTENSION_${extensionId.replaceAll("-", "_").toUpperCase()}_`;
}

/**
 * Name of the environment variable that overrides a configuration key of an extension. Two keys that differ in `-` and
 * `_` or in case share one name.
 */
export function overrideName(extensionId: string, key: string): string {
  return overridePrefix(extensionId) + key.replaceAll("-", "_").toUpperCase();
}
