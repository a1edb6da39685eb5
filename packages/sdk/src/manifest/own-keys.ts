import { BREAKER_NAMES } from "../protocol/breaker.js";
import type { Catalog } from "../protocol/catalog.js";
import { isJsonObject, type JsonValue } from "../protocol/json.js";
import { checkLimits } from "./config-limits.js";
import { wrongBreakerOf } from "./breaker-rules.js";
import { checkEnvName } from "./entry-rules.js";
import { wrongConditions } from "./attribute-rules.js";
import { wrongFields } from "./field-rules.js";
import { pointerOf } from "../protocol/pointer.js";
import { unusedEntry, wrongEntry, type ManifestProblem } from "./problem.js";
import { findKind, type RuleContext } from "./find-kind.js";
import type { ConfigEntry, ExtensionSection, HookEntry } from "./schema.js";

/** Keys that only this host knows, by the part of the section in which they stand. */
const OWN_KEYS = {
  extension: ["env", "sandbox", "max_concurrency", "activation", "optional_catalogs"],
  hooks: [
    "id",
    "priority",
    "phase",
    "timeout_ms",
    "on_failure",
    "tools",
    "where",
    "fields",
    "breaker",
    "mode",
  ],
  config: ["enum", "min", "max", "max_length"],
} as const;
/** First protocol that is this host's own: a manifest of an earlier one may be made for another host. */
const OWN_SINCE = 3;
const AT = "/extension";

/** A broken rule of this host, and how the section looks without the part that breaks the rule. */
interface OwnFault {
  problem: ManifestProblem;
  drop(): void;
}

/** True for a path that leads to a key that only this host knows. */
export function isOwnKey([section, second, , fourth]: readonly PropertyKey[]): boolean {
  if (section !== "extension") return false;
  const isIn = (keys: readonly string[], key: PropertyKey | undefined): boolean =>
    typeof key === "string" && keys.includes(key);
  if (second === "hooks" || second === "config") return isIn(OWN_KEYS[second], fourth);
  return isIn(OWN_KEYS.extension, second);
}

/** True for an `extension` section of a protocol in which no own key refuses the manifest. */
export function ownKeysMayGo(section: JsonValue | undefined): boolean {
  if (!isJsonObject(section)) return false;
  const version = section["protocol_version"] ?? 1;
  return typeof version === "number" && version < OWN_SINCE;
}

/**
 * Checks the rules about keys that only this host knows. Under protocols 1 and 2 a key that breaks a rule is taken out of the
 * section, with a warning: it must not refuse what another host runs. From protocol 3 on it is an error.
 */
export function settleOwnKeys(section: ExtensionSection, context: RuleContext): ManifestProblem[] {
  const notEnforced = checkSandbox(section);
  const version = section.protocol_version;
  if (version >= OWN_SINCE) {
    return [...ownFaults(section, context).map(({ problem }) => problem), ...notEnforced];
  }
  const warnings: ManifestProblem[] = [];
  const ignore = ({ problem, drop }: OwnFault): void => {
    drop();
    const message = `${problem.message}; under protocol_version ${version} it is ignored`;
    warnings.push({ ...unusedEntry(problem.pointer, message), ...(problem.hint && { hint: problem.hint }) });
  };
  activationFaults(section).forEach(ignore);
  // Without its id, a hook has a default name, which may be the id of another hook.
  for (let faults = ownFaults(section, context); faults.length > 0; faults = ownFaults(section, context)) {
    faults.forEach(ignore);
  }
  return [...warnings, ...notEnforced];
}

function ownFaults(section: ExtensionSection, { id, catalogs }: RuleContext): OwnFault[] {
  return [
    ...section.hooks.flatMap((hook, index) => hookFaults(hook, index, section, catalogs)),
    ...idFaults(section.hooks),
    ...twiceFaults(section),
    ...limitFaults(section),
    ...envFaults(section, id),
  ];
}

/** Beside `deferred`, only the reference's own value of `activation` says the same thing twice. */
function activationFaults(section: ExtensionSection): OwnFault[] {
  if (section.deferred == null || section.activation === undefined || section.activation === "deferred")
    return [];
  const message = "'deferred' decides when the extension starts, and so does 'activation'";
  const problem = wrongEntry(`${AT}/activation`, message, "Keep one of them.");
  return [{ problem, drop: () => delete section.activation }];
}

function hookFaults(
  hook: HookEntry,
  index: number,
  { permissions, protocol_version }: ExtensionSection,
  catalogs: readonly Catalog[],
): OwnFault[] {
  const at = `${AT}/hooks/${index}`;
  const faults = [...whereFaults(hook, at, catalogs), ...fieldsFaults(hook, at, protocol_version, catalogs)];
  const fault = (
    key: "tools" | "on_failure" | "breaker" | "mode",
    rest: Omit<ManifestProblem, "severity" | "pointer">,
  ): void => {
    const problem = { severity: "error", pointer: `${at}/${key}`, ...rest } as const;
    faults.push({ problem, drop: () => delete hook[key] });
  };
  const spec = findKind(hook.hook, catalogs);
  if (spec && !spec.toolFilter && hook.tools !== undefined) {
    const message = `hook '${hook.hook}' does not allow a tool filter`;
    fault("tools", { code: "MANIFEST_INVALID", message, hint: "Remove 'tools'." });
  }
  if (spec && hook.on_failure === "closed" && !spec.canFailClosed) {
    const message = `hook '${hook.hook}' cannot fail closed: it stops nothing`;
    fault("on_failure", { code: "MANIFEST_INVALID", message, hint: "Remove 'on_failure'." });
  } else if (spec && hook.on_failure === "closed" && !permissions.includes("hooks.fail_closed")) {
    const message = "on_failure 'closed' lacks permission 'hooks.fail_closed'";
    const hint = 'Add "hooks.fail_closed" to /extension/permissions.';
    fault("on_failure", { code: "PERMISSION_MISSING", message, hint });
  }
  const wrong = spec && wrongBreakerOf(hook, spec);
  if (wrong !== undefined)
    fault("breaker", {
      code: "MANIFEST_INVALID",
      message: wrong,
      hint: `Name one of ${BREAKER_NAMES.join(", ")}, or give an object with bounds.`,
    });
  if (hook.mode === "shadow") {
    const message =
      "mode 'shadow' is not supported by this host: it would enforce what should only be watched";
    fault("mode", { code: "MANIFEST_UNSUPPORTED", message, hint: "Remove 'mode'." });
  }
  return faults;
}

function whereFaults(hook: HookEntry, at: string, catalogs: readonly Catalog[]): OwnFault[] {
  const spec = findKind(hook.hook, catalogs);
  return (spec ? wrongConditions(hook, spec) : []).map(({ name, index, message, hint }) => {
    const place = [name, index].filter((key) => key !== undefined);
    const pointer = `${at}/where${pointerOf(place)}`;
    const drop = (): void => {
      if (name === undefined) delete hook.where;
      else delete hook.where?.[name];
      if (hook.where && Object.keys(hook.where).length === 0) delete hook.where;
    };
    return { problem: wrongEntry(pointer, message, hint), drop };
  });
}

/** Extensions of earlier protocols expect every member of the envelope. */
function fieldsFaults(
  hook: HookEntry,
  at: string,
  version: number,
  catalogs: readonly Catalog[],
): OwnFault[] {
  const { fields } = hook;
  const spec = findKind(hook.hook, catalogs);
  if (fields === undefined || spec === undefined) return [];
  const drop = (): void => void delete hook.fields;
  if (version < OWN_SINCE) {
    const message = `'fields' needs protocol_version ${OWN_SINCE}: without it the hook gets whole events`;
    const hint = `Set /extension/protocol_version to ${OWN_SINCE}, or remove 'fields'.`;
    return [{ problem: wrongEntry(`${at}/fields`, message, hint), drop }];
  }
  return wrongFields(fields, spec).map(({ index, message, hint }) => {
    const pointer = `${at}/fields${index === undefined ? "" : `/${index}`}`;
    return { problem: wrongEntry(pointer, message, hint), drop };
  });
}

/** Ids count against the names that hooks without an id get, too: `kind#n`. */
function idFaults(hooks: readonly HookEntry[]): OwnFault[] {
  const seen = new Map<string, HookEntry>();
  const counts = new Map<string, number>();
  return hooks.flatMap((hook, index) => {
    const count = (counts.get(hook.hook) ?? 0) + 1;
    counts.set(hook.hook, count);
    const name = hook.id ?? `${hook.hook}#${count}`;
    const first = seen.get(name);
    if (!first) {
      seen.set(name, hook);
      return [];
    }
    const message = `the hook id '${name}' is used twice`;
    const problem = wrongEntry(`${AT}/hooks/${index}/id`, message, "Give each hook an id of its own.");
    return [{ problem, drop: () => delete (hook.id === undefined ? first : hook).id }];
  });
}

/** The reference takes the last of several entries with one key. */
function twiceFaults(section: ExtensionSection): OwnFault[] {
  const seen = new Map<string, ConfigEntry>();
  return section.config.flatMap((entry, index) => {
    const key = entry.key.trim();
    const first = seen.get(key);
    seen.set(key, entry);
    if (!first) return [];
    const message = `config key '${key}' is declared twice`;
    const problem = wrongEntry(`${AT}/config/${index}/key`, message, "Remove one of them.");
    return [{ problem, drop: () => void (section.config = section.config.filter((one) => one !== first)) }];
  });
}

function limitFaults({ config }: ExtensionSection): OwnFault[] {
  return config.flatMap((entry, index) =>
    checkLimits(entry, `${AT}/config/${index}`).map((problem) => ({
      problem,
      drop: () => {
        for (const key of OWN_KEYS.config) delete entry[key];
      },
    })),
  );
}

function envFaults(section: ExtensionSection, extensionId: string): OwnFault[] {
  return section.env.flatMap((name, index) => {
    const keys = section.config.map(({ key }) => key.trim());
    const problem = checkEnvName(name, index, extensionId, keys);
    if (!problem) return [];
    return [{ problem, drop: () => void (section.env = section.env.filter((one) => one !== name)) }];
  });
}

/** A sandbox is not built; an extension without one runs as every other does. */
function checkSandbox({ sandbox }: ExtensionSection): ManifestProblem[] {
  if (sandbox === undefined) return [];
  const message = "'sandbox' is not enforced by this host: the extension runs with the user's rights";
  return [{ severity: "warning", code: "MANIFEST_NOT_ENFORCED", pointer: `${AT}/sandbox`, message }];
}
