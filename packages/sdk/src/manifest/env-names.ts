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

/** Why a manifest may not name this variable, or undefined when it may. Case-insensitive. */
export function forbiddenEnvName(name: string, extensionId: string): string | undefined {
  const upper = name.trim().toUpperCase();
  if (upper === "") return "the name is empty";
  if (HOST_CREDENTIALS.has(upper)) return "it is a host credential";
  if (upper.startsWith("SYNAPS_") && !upper.startsWith(overridePrefix(extensionId))) {
    return "it belongs to the host namespace SYNAPS_*";
  }
  if (LOADER_VARIABLES.some((pattern) => pattern.test(upper))) return "it changes what code a program loads";
  return undefined;
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
