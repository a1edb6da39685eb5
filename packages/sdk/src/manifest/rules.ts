import { CAPABILITY_PERMISSIONS, RESERVED_PERMISSIONS } from "../protocol/permissions.js";
import { topicGlobProblem, topicPermission } from "../protocol/topics.js";
import { isProtocolVersion, PROTOCOL_VERSIONS } from "../protocol/version.js";
import { readDeferred } from "./deferred.js";
import { checkConfig, checkThemeTokens } from "./entry-rules.js";
import { deadFilters } from "./dead-filters.js";
import { deadActions } from "./field-rules.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { findKind, permissionsOf, type RuleContext } from "./find-kind.js";
import { absentCatalogs, isOfCatalog } from "./optional-catalogs.js";
import type { ManifestProblem } from "./problem.js";
import type { ExtensionSection, HookEntry } from "./schema.js";

const AT = "/extension";
/** Most characters of a permission that a message repeats. */
const MAX_SHOWN = 160;

/** The reference's rules over several fields, in its order. Pure. All problems are listed, not only the first. */
export function checkRules(extension: ExtensionSection, context: RuleContext): ManifestProblem[] {
  return [
    ...checkDeferred(extension),
    ...checkVersion(extension),
    ...checkCommand(extension, context),
    ...checkPurpose(extension, context),
    ...checkThemeTokens(extension.theme_tokens),
    ...checkPermissions(extension, context),
    ...extension.hooks.flatMap((hook, index) => checkHook(hook, index, extension, context)),
    ...checkConfig(extension.config, context.id),
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
  if (permissions.some((permission) => topicPermission(permission))) return [];
  return [
    error(
      "MANIFEST_INVALID",
      `${AT}/hooks`,
      `Extension '${id}' must subscribe to at least one hook or request a registration permission`,
      `Add a hook, or one of: ${CAPABILITY_PERMISSIONS.join(", ")}.`,
    ),
  ];
}

function checkPermissions(extension: ExtensionSection, context: RuleContext): ManifestProblem[] {
  const { permissions, protocol_version } = extension;
  const known = Object.keys(permissionsOf(context.catalogs));
  const absent = absentCatalogs(extension, context);
  return permissions.flatMap((permission, index) => {
    if (known.includes(permission) || isOfCatalog(permission, absent)) return [];
    const pointer = `${AT}/permissions/${index}`;
    const topics = topicPermission(permission);
    if (topics) return checkTopics(permission, topics.glob, protocol_version, pointer);
    if (RESERVED_PERMISSIONS.includes(permission)) {
      const message = `Reserved extension permission is not implemented yet: ${permission}`;
      return [error("PERMISSION_UNKNOWN", pointer, message, "Remove it.")];
    }
    return [
      error(
        "PERMISSION_UNKNOWN",
        pointer,
        `Unknown extension permission: ${permission}`,
        suggest(permission, known) ?? `Known: ${known.join(", ")}.`,
      ),
    ];
  });
}

function checkTopics(permission: string, glob: string, protocol: number, pointer: string): ManifestProblem[] {
  const problem = topicGlobProblem(glob);
  if (problem !== undefined)
    return [
      error(
        "PERMISSION_UNKNOWN",
        pointer,
        `the topics of the permission '${permission.slice(0, MAX_SHOWN)}' are wrong: ${problem}`,
        "Write topics as in events.publish:deploy.* or events.subscribe:deploy.**",
      ),
    ];
  if (protocol >= 3) return [];
  const message = `the permission '${permission}' needs protocol_version 3 or newer`;
  return [error("MANIFEST_UNSUPPORTED", pointer, message, "Set /extension/protocol_version to 3.")];
}

function checkHook(
  hook: HookEntry,
  index: number,
  extension: ExtensionSection,
  context: RuleContext,
): ManifestProblem[] {
  const { id, catalogs } = context;
  const pointer = `${AT}/hooks/${index}`;
  const spec = findKind(hook.hook, catalogs);
  if (!spec && isOfCatalog(hook.hook, absentCatalogs(extension, context))) return [];
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
  if (hook.tool != null && !spec.toolFilter) {
    const message = `hook '${hook.hook}' does not allow a tool filter`;
    problems.push(error("MANIFEST_INVALID", `${pointer}/tool`, message, "Remove 'tool'."));
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
  return [...problems, ...deadFilters(hook, spec, pointer), ...deadActions(hook, spec, pointer)];
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
