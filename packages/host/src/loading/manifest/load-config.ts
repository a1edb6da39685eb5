import type { ExtensionSection } from "@synaps/sdk/manifest";
import { didYouMean } from "@synaps/sdk/protocol";
import { extensionConfigPath, readOwnConfig } from "../config/config-file.js";
import { LiveConfig } from "../config/live-config.js";
import type { ConfigSources, InvalidValue } from "../config/resolve.js";
import { HostError } from "../../errors.js";
import type { Candidate } from "./discover.js";
import { errorDiagnostic, type Diagnostic } from "./diagnostic.js";

export interface ConfigContext {
  baseDir: string;
  sources: Omit<ConfigSources, "file">;
}

/** First protocol in which values have the declared types; extensions of earlier protocols get values as found. */
export const TYPED_SINCE = 3;

/** Reads the configuration of an extension. Throws a HostError when the file cannot be read. */
export async function readConfig(
  id: string,
  section: ExtensionSection,
  context: ConfigContext,
): Promise<LiveConfig> {
  return configWith(id, section, context, await readOwnConfig(extensionConfigPath(context.baseDir, id)));
}

/** Makes the configuration from the values of a file that was read already. */
export function configWith(
  id: string,
  section: ExtensionSection,
  context: ConfigContext,
  file: ReadonlyMap<string, string>,
): LiveConfig {
  const typed = section.protocol_version >= TYPED_SINCE;
  return new LiveConfig({ id, entries: section.config, sources: context.sources, file, typed });
}

/**
 * Reads and checks the configuration. Without `live` the extension cannot be started. In place of a file that cannot be read,
 * the defaults count, with a warning, where the extension declares its keys, needs no value and has no hook that fails closed.
 */
export async function loadConfig(
  candidate: Candidate,
  section: ExtensionSection,
  context: ConfigContext,
): Promise<{ live: LiveConfig | undefined; diagnostics: Diagnostic[] }> {
  const { id, manifestPath } = candidate;
  let live: LiveConfig;
  let unread: Diagnostic | undefined;
  try {
    live = await readConfig(id, section, context);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    unread = errorDiagnostic(id, manifestPath, error);
    live = configWith(id, section, context, new Map());
    // A guard with its defaults is better than none. A closed one blocks instead; what needs a value, or reads the file by
    // itself, cannot do without it.
    const isClosed = section.hooks.some(({ on_failure }) => on_failure === "closed");
    const canDo = !isClosed && section.config.length > 0 && live.resolved.missing.length === 0;
    if (!canDo) return { live: undefined, diagnostics: [unread] };
    unread = { ...unread, severity: "warning", message: `${unread.message}. The defaults count` };
  }
  const { missing, invalid } = live.resolved;
  const typed = section.protocol_version >= TYPED_SINCE;
  const at = { extension: id, file: manifestPath };
  const diagnostics = [
    ...(unread ? [unread] : []),
    ...missing.map(({ key, index, hint }): Diagnostic => {
      const message = `Extension '${id}' is missing required config '${key}'`;
      const pointer = `/extension/config/${index}`;
      return { ...at, severity: "error", code: "CONFIG_MISSING", pointer, message, hint };
    }),
    ...invalid
      // Earlier protocols never checked a default of the manifest, and the default stays as it is.
      .filter(({ source }) => typed || source !== "default")
      .map((one): Diagnostic => ({
        ...at,
        severity: typed && !one.defaulted ? "error" : "warning",
        ...describeInvalid(id, one),
        ...(one.defaulted ? { message: `${describeInvalid(id, one).message}, and the default counts` } : {}),
      })),
    ...undeclaredKeys(live).map((key): Diagnostic => ({
      ...at,
      severity: "warning",
      code: "CONFIG_INVALID",
      pointer: "/extension/config",
      ...describeUndeclared(id, key, live),
    })),
  ];
  return { live: diagnostics.some(({ severity }) => severity === "error") ? undefined : live, diagnostics };
}

/** Undeclared keys of one file that are told of: more only repeat it. */
const MAX_UNDECLARED = 10;

/** Keys of the extension's file that its manifest does not name. None where it names no key at all: such an extension reads its file by itself. */
function undeclaredKeys({ entries, file, resolved }: LiveConfig): string[] {
  if (entries.length === 0) return [];
  return [...file.keys()].filter((key) => !Object.hasOwn(resolved.sources, key)).slice(0, MAX_UNDECLARED);
}

/** A mistyped key of a guard is a rule that does not exist, which nobody else would tell. */
function describeUndeclared(
  id: string,
  key: string,
  { entries }: LiveConfig,
): Pick<Diagnostic, "message" | "hint"> {
  const shown = key.slice(0, 60);
  const meant = didYouMean(
    key,
    entries.map((entry) => entry.key.trim()),
  );
  return {
    message: `The config file of extension '${id}' has the key '${shown}', which its manifest does not declare: nothing takes it as a setting`,
    hint: `${meant === undefined ? "Correct or remove it." : `Did you mean '${meant}'?`} See: synaps-ext config list ${id}`,
  };
}

/** Describes a value that its entry does not take, by its key and its source, never by the value. */
export function describeInvalid(
  id: string,
  { key, index, wanted, source }: InvalidValue,
): Pick<Diagnostic, "code" | "pointer" | "message" | "hint"> {
  return {
    code: "CONFIG_INVALID",
    pointer: `/extension/config/${index}`,
    message: `Config '${key}' of extension '${id}' must be ${wanted}; what ${SOURCE_NAMES[source]} says is not`,
    hint: `Correct it there. See: synaps-ext config list ${id}`,
  };
}

const SOURCE_NAMES: Readonly<Record<InvalidValue["source"], string>> = {
  host_context: "the host",
  env_override: "its variable in the environment",
  secret_env: "its secret variable in the environment",
  plugin_config: "the extension's config file",
  legacy_config_key: "the user's config file",
  default: "the default in the manifest",
  missing: "nothing",
};
