import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { assertExtension } from "../checks/extension.js";
import { extensionIsUsed } from "../serve/forgotten-serve.js";
import type { Extension } from "../define-extension.js";
import {
  parseManifest,
  readDeferred,
  schemaDigest,
  type ExtensionSection,
  type ManifestProblem,
} from "../manifest/index.js";
import type { Catalog } from "../protocol/catalog.js";
import { synapsCatalog } from "../protocol/synaps-catalog.js";
import { screenDifferences } from "./manifest-check-screens.js";

/** One way in which code and manifest do not fit. The `MANIFEST_*` and `PERMISSION_*` codes are the manifest's own. */
export interface AuthoringProblem {
  severity: "error" | "warning";
  code:
    | ManifestProblem["code"]
    | "NO_EXTENSION_SECTION"
    | "HOOK_NOT_DECLARED"
    | "HOOK_WITHOUT_HANDLER"
    | "TOOLS_NOT_PERMITTED"
    | "TOOL_DIFFERS"
    | "PROVIDERS_NOT_PERMITTED"
    | "CONFIG_NOT_DECLARED"
    | "COMMAND_NOT_DECLARED"
    | "COMMAND_WITHOUT_HANDLER"
    | "EDITOR_NOT_DECLARED"
    | "EDITOR_WITHOUT_HANDLER";
  /** JSON pointer into the manifest: what is wrong there, or where the missing entry belongs. */
  pointer: string;
  message: string;
  hint?: string;
}

/** What a manifest is checked against. */
export interface ManifestCheckOptions {
  /** Default: the name of the folder; for an object its `name`. */
  id?: string;
  /** Default: the `synaps` catalog. */
  catalogs?: readonly Catalog[];
}

/**
 * Compares an extension with its manifest, given as an object, as the path of a `plugin.json`, or as the path of
 * the extension's folder. Reports what the manifest itself has wrong, handlers that would never fire, hooks that
 * nobody handles, tools that would be refused and configuration keys that would never get a value. An empty list
 * means that they fit. Runs no handler. Throws a TypeError for anything but an extension, and when the file
 * cannot be read.
 */
export function checkAgainstManifest(
  extension: Extension,
  manifest: string | object,
  options: ManifestCheckOptions = {},
): AuthoringProblem[] {
  assertExtension("checkAgainstManifest", extension);
  extensionIsUsed();
  const { text, name } = sourceOf(manifest);
  const parsed = parseManifest(text, {
    id: options.id ?? name,
    catalogs: options.catalogs ?? [synapsCatalog],
  });
  switch (parsed.kind) {
    case "invalid":
      return parsed.problems;
    case "no_extension":
    case "sidecar_only":
      return [
        error("NO_EXTENSION_SECTION", "/extension", "the manifest has no 'extension' section", "Add one."),
      ];
    case "extension":
      return [
        ...parsed.warnings,
        ...differences(extension, parsed.extension),
        ...screenDifferences(extension, parsed.manifest),
      ];
  }
}

function differences({ definition }: Extension, section: ExtensionSection): AuthoringProblem[] {
  const handled = Object.entries(definition.hooks ?? {})
    .filter(([, handler]) => handler !== undefined)
    .map(([kind]) => kind);
  const declared = new Set(section.hooks.map(({ hook }) => hook));
  const keys = new Set(section.config.map(({ key }) => key.trim()));
  const tools = Object.keys(definition.tools ?? {});
  const problems: AuthoringProblem[] = [];
  for (const kind of handled) {
    if (declared.has(kind)) continue;
    const message = `the handler of '${kind}' never runs: the manifest does not subscribe to it`;
    problems.push(error("HOOK_NOT_DECLARED", "/extension/hooks", message, `Add {"hook": "${kind}"} there.`));
  }
  section.hooks.forEach(({ hook }, index) => {
    if (handled.includes(hook)) return;
    const message = `the manifest subscribes to '${hook}', but there is no handler: every event costs a round trip`;
    problems.push(
      error(
        "HOOK_WITHOUT_HANDLER",
        `/extension/hooks/${index}/hook`,
        message,
        "Write the handler, or remove it.",
      ),
    );
  });
  if (tools.length > 0 && !section.permissions.includes("tools.register")) {
    const message = `the tools ${tools.join(", ")} are refused: the permission 'tools.register' is missing`;
    problems.push(
      error("TOOLS_NOT_PERMITTED", "/extension/permissions", message, 'Add "tools.register" there.'),
    );
  }
  problems.push(...toolDifferences(definition, section));
  const providers = Object.keys(definition.providers ?? {});
  if (providers.length > 0 && !section.permissions.includes("providers.register")) {
    const message = `the providers ${providers.join(", ")} are refused: the permission 'providers.register' is missing`;
    const hint = 'Add "providers.register" there.';
    problems.push(error("PROVIDERS_NOT_PERMITTED", "/extension/permissions", message, hint));
  }
  for (const key of Object.keys(definition.config ?? {})) {
    if (keys.has(key)) continue;
    const message = `the config key '${key}' never gets a value: the manifest does not declare it`;
    problems.push(error("CONFIG_NOT_DECLARED", "/extension/config", message, `Add {"key": "${key}"} there.`));
  }
  return problems;
}

/** What a lazy extension declares before it runs has to be what it declares when it runs. */
function toolDifferences(
  { tools = {} }: Extension["definition"],
  section: ExtensionSection,
): AuthoringProblem[] {
  const { declarations } = readDeferred(section);
  if (!declarations) return [];
  const left = new Set(Object.keys(tools));
  const differing = declarations.tools.filter(({ name, description, input_schema }) => {
    const tool = tools[name];
    left.delete(name);
    return (
      tool?.description !== description || schemaDigest(tool.input_schema) !== schemaDigest(input_schema)
    );
  });
  return [...differing.map(({ name }) => name), ...left].map((name) => {
    const message = `the tool '${name}' is not the same in /extension/deferred and in the code: the host would end the extension`;
    return error(
      "TOOL_DIFFERS",
      "/extension/deferred/tools",
      message,
      "Write the same name, description and schema.",
    );
  });
}

function sourceOf(manifest: string | object): { text: string; name: string } {
  if (typeof manifest !== "string") {
    const { name } = manifest as { name?: unknown };
    return { text: JSON.stringify(manifest), name: typeof name === "string" ? name : "extension" };
  }
  const given = resolve(manifest);
  const path = statSync(given).isDirectory() ? join(given, ".synaps-plugin", "plugin.json") : given;
  const folder = basename(dirname(path)) === ".synaps-plugin" ? dirname(dirname(path)) : dirname(path);
  return { text: readFileSync(path, "utf8"), name: basename(folder) };
}

function error(
  code: AuthoringProblem["code"],
  pointer: string,
  message: string,
  hint: string,
): AuthoringProblem {
  return { severity: "error", code, pointer, message, hint };
}
