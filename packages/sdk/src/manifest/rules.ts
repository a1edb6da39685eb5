import type { Catalog, HookKindSpec } from "../protocol/catalog.js";
import {
  CAPABILITY_PERMISSIONS,
  isPermission,
  PERMISSIONS,
  RESERVED_PERMISSIONS,
} from "../protocol/permissions.js";
import { isProtocolVersion, PROTOCOL_VERSIONS } from "../protocol/version.js";
import { readDeferred } from "./deferred.js";
import { checkConfig, checkEnv, checkThemeTokens } from "./entry-rules.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import type { ManifestProblem } from "./problem.js";
import type { ExtensionSection, HookEntry } from "./schema.js";

/** What the rules need to know beside the manifest. */
export interface RuleContext {
  /** The extension's id: the name of its folder. */
  id: string;
  catalogs: readonly Catalog[];
}

const AT = "/extension";

/** Rules over several fields, in the reference's order. Pure. All problems are listed, not only the first. */
export function checkRules(extension: ExtensionSection, context: RuleContext): ManifestProblem[] {
  return [
    ...checkDeferred(extension),
    ...checkVersion(extension),
    ...checkCommand(extension, context),
    ...checkPurpose(extension, context),
    ...checkThemeTokens(extension.theme_tokens),
    ...checkPermissions(extension.permissions),
    ...extension.hooks.flatMap((hook, index) => checkHook(hook, index, extension, context)),
    ...checkHookIds(extension.hooks),
    ...checkConfig(extension.config, context.id),
    ...checkEnv(extension.env, context.id),
    ...checkNotBuilt(extension),
  ];
}

function checkDeferred(extension: ExtensionSection): ManifestProblem[] {
  const { problem } = readDeferred(extension);
  return problem ? [problem] : [];
}

function checkVersion({ protocol_version }: ExtensionSection): ManifestProblem[] {
  if (isProtocolVersion(protocol_version)) return [];
  return [
    error(
      "MANIFEST_UNSUPPORTED",
      `${AT}/protocol_version`,
      `unsupported protocol_version ${protocol_version} (supported: ${PROTOCOL_VERSIONS.join(", ")})`,
      "Set it to the version that the extension speaks, or update this host.",
    ),
  ];
}

function checkCommand({ command }: ExtensionSection, { id }: RuleContext): ManifestProblem[] {
  if (command.trim() !== "") return [];
  return [
    error(
      "MANIFEST_INVALID",
      `${AT}/command`,
      `Extension '${id}' has empty command`,
      "Name the program to start.",
    ),
  ];
}

function checkPurpose({ hooks, permissions }: ExtensionSection, { id }: RuleContext): ManifestProblem[] {
  if (hooks.length > 0 || CAPABILITY_PERMISSIONS.some((permission) => permissions.includes(permission)))
    return [];
  return [
    error(
      "MANIFEST_INVALID",
      `${AT}/hooks`,
      `Extension '${id}' must subscribe to at least one hook or request a registration permission`,
      `Add a hook, or one of: ${CAPABILITY_PERMISSIONS.join(", ")}.`,
    ),
  ];
}

function checkPermissions(permissions: readonly string[]): ManifestProblem[] {
  return permissions.flatMap((permission, index) => {
    if (isPermission(permission)) return [];
    const pointer = `${AT}/permissions/${index}`;
    if (RESERVED_PERMISSIONS.includes(permission)) {
      const message = `Reserved extension permission is not implemented yet: ${permission}`;
      return [error("PERMISSION_UNKNOWN", pointer, message, "Remove it.")];
    }
    return [
      error(
        "PERMISSION_UNKNOWN",
        pointer,
        `Unknown extension permission: ${permission}`,
        suggest(permission, Object.keys(PERMISSIONS)) ?? `Known: ${Object.keys(PERMISSIONS).join(", ")}.`,
      ),
    ];
  });
}

function checkHook(
  hook: HookEntry,
  index: number,
  extension: ExtensionSection,
  { id, catalogs }: RuleContext,
): ManifestProblem[] {
  const pointer = `${AT}/hooks/${index}`;
  const spec = findKind(hook.hook, catalogs);
  if (!spec) {
    const kinds = catalogs.flatMap((catalog) => Object.keys(catalog.kinds));
    const hint = suggest(hook.hook, kinds) ?? `Known: ${kinds.join(", ")}.`;
    return [error("MANIFEST_INVALID", `${pointer}/hook`, `unknown hook kind '${hook.hook}'`, hint)];
  }
  const problems: ManifestProblem[] = [];
  if (!extension.permissions.includes(spec.permission)) {
    problems.push(
      error(
        "PERMISSION_MISSING",
        `${pointer}/hook`,
        `Extension '${id}' lacks permission '${spec.permission}' required for hook '${hook.hook}'`,
        `Add "${spec.permission}" to /extension/permissions.`,
      ),
    );
  }
  const filter = hook.tool != null ? "tool" : hook.tools !== undefined ? "tools" : undefined;
  if (filter && !spec.toolFilter) {
    const message = `hook '${hook.hook}' does not allow a tool filter`;
    problems.push(error("MANIFEST_INVALID", `${pointer}/${filter}`, message, `Remove '${filter}'.`));
  }
  if (isProtocolVersion(extension.protocol_version) && extension.protocol_version < spec.since) {
    problems.push(
      error(
        "MANIFEST_UNSUPPORTED",
        `${pointer}/hook`,
        `hook '${hook.hook}' needs protocol_version ${spec.since} or newer`,
        `Set /extension/protocol_version to ${spec.since}.`,
      ),
    );
  }
  return [...problems, ...checkFailurePolicy(hook, pointer, spec, extension)];
}

function checkFailurePolicy(
  hook: HookEntry,
  pointer: string,
  spec: HookKindSpec,
  { permissions }: ExtensionSection,
): ManifestProblem[] {
  if (hook.on_failure !== "closed") return [];
  const at = `${pointer}/on_failure`;
  if (!spec.canFailClosed) {
    const message = `hook '${hook.hook}' cannot fail closed: it stops nothing`;
    return [error("MANIFEST_INVALID", at, message, `Remove 'on_failure'.`)];
  }
  if (permissions.includes("hooks.fail_closed")) return [];
  const message = "on_failure 'closed' lacks permission 'hooks.fail_closed'";
  return [error("PERMISSION_MISSING", at, message, 'Add "hooks.fail_closed" to /extension/permissions.')];
}

/** Also against the names that hooks without an id get: `kind#n`. */
function checkHookIds(hooks: readonly HookEntry[]): ManifestProblem[] {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  return hooks.flatMap(({ hook, id }, index) => {
    const count = (counts.get(hook) ?? 0) + 1;
    counts.set(hook, count);
    const name = id ?? `${hook}#${count}`;
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = `the hook id '${name}' is used twice`;
    return [
      error("MANIFEST_INVALID", `${AT}/hooks/${index}/id`, message, "Give each hook an id of its own."),
    ];
  });
}

/** Keys whose meaning is not built: refused where ignoring them would be unsafe, else shown. */
function checkNotBuilt(extension: ExtensionSection): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  extension.hooks.forEach((hook, index) => {
    if (hook.mode !== "shadow") return;
    const message =
      "mode 'shadow' is not supported by this host: it would enforce what should only be watched";
    problems.push(error("MANIFEST_UNSUPPORTED", `${AT}/hooks/${index}/mode`, message, "Remove 'mode'."));
  });
  if (extension.sandbox !== undefined) {
    problems.push({
      severity: "warning",
      code: "MANIFEST_NOT_ENFORCED",
      pointer: `${AT}/sandbox`,
      message: "'sandbox' is not enforced by this host: the extension runs with the user's rights",
    });
  }
  return problems;
}

/** The hook kind of this name in the first catalog that has it, or undefined. */
export function findKind(kind: string, catalogs: readonly Catalog[]): HookKindSpec | undefined {
  for (const catalog of catalogs) {
    if (Object.hasOwn(catalog.kinds, kind)) return catalog.kinds[kind];
  }
  return undefined;
}

function suggest(word: string, candidates: readonly string[]): string | undefined {
  const meant = didYouMean(word, candidates);
  return meant === undefined ? undefined : `Did you mean '${meant}'?`;
}

function error(
  code: ManifestProblem["code"],
  pointer: string,
  message: string,
  hint: string,
): ManifestProblem {
  return { severity: "error", code, pointer, message, hint };
}
