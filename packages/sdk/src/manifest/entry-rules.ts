import { forbiddenEnvName, hostEnvName } from "./env-names.js";
import type { ManifestProblem } from "./problem.js";
import type { ConfigEntry } from "./schema.js";

const AT = "/extension";
const COLOUR = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;
const BAD_KEY = /[./\s]/;
const BAD_TOKEN = /[./\\\s]/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function checkConfig(entries: readonly ConfigEntry[], extensionId: string): ManifestProblem[] {
  const keys = entries.map(({ key }) => key.trim());
  return entries.flatMap((entry, index) => {
    const at = `${AT}/config/${index}`;
    const problems: ManifestProblem[] = [];
    const key = entry.key.trim();
    if (key === "" || BAD_KEY.test(key)) {
      const message = `config key '${entry.key}' must be non-empty, without dot, slash or white space`;
      problems.push(invalid(`${at}/key`, message, "Rename it."));
    }
    if (entry.secret_env != null) {
      const why = hostEnvName(entry.secret_env, extensionId, keys);
      if (why) {
        const message = `secret_env '${entry.secret_env}' is not allowed: ${why}`;
        problems.push(
          invalid(`${at}/secret_env`, message, "Use a variable that is made for this extension."),
        );
      }
      if (entry.host_context != null) {
        const message = `config key '${key}' cannot have both host_context and secret_env`;
        problems.push(invalid(`${at}/host_context`, message, "Keep one of them."));
      }
    }
    return problems;
  });
}

/** The reason against one name of `env`, or undefined for a name that may be passed on. */
export function checkEnvName(
  name: string,
  index: number,
  extensionId: string,
  keys: readonly string[],
): ManifestProblem | undefined {
  const why = ENV_NAME.test(name) ? forbiddenEnvName(name, extensionId, keys) : "it is not a variable name";
  if (!why) return undefined;
  return invalid(`${AT}/env/${index}`, `env '${name}' is not allowed: ${why}`, "Remove it.");
}

export function checkThemeTokens(tokens: Readonly<Record<string, string>>): ManifestProblem[] {
  return Object.entries(tokens).flatMap(([token, colour]) => {
    const at = `${AT}/theme_tokens/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (token === "" || BAD_TOKEN.test(token)) {
      const message = `theme token '${token}' must be non-empty, without dot, slash or white space`;
      return [invalid(at, message, "Rename it.")];
    }
    if (COLOUR.test(colour.trim())) return [];
    return [invalid(at, `theme token '${token}' has an invalid color '${colour}'`, "Write #rgb or #rrggbb.")];
  });
}

function invalid(pointer: string, message: string, hint: string): ManifestProblem {
  return { severity: "error", code: "MANIFEST_INVALID", pointer, message, hint };
}
