import { isJsonObject, type JsonObject } from "../protocol/json.js";
import type { ToolDeclaration } from "../protocol/messages.js";
import { Declared, unique } from "./deferred-fields.js";
import { DEFERRED_REASONS, DeferredRefusal } from "./deferred-reasons.js";
import type { ManifestProblem } from "./problem.js";
import type { ExtensionSection } from "./schema.js";

const MAX_TOOLS = 256;
const MAX_PROVIDERS = 16;
const MAX_MODELS = 64;
const MAX_CONTEXT_PROVIDERS = 8;
const AT = "/extension/deferred";

/** A model that a lazy extension declares. `context_window` is in tokens. */
export interface DeferredModel {
  id: string;
  display_name?: string;
  capabilities?: Readonly<Record<string, boolean>>;
  context_window?: number;
}

/** A provider that a lazy extension declares before it has a process. */
export interface DeferredProvider {
  id: string;
  display_name: string;
  description: string;
  models: readonly DeferredModel[];
  config_schema?: JsonObject;
}

/** A context provider that a lazy extension declares before it has a process. */
export interface DeferredContextProvider {
  id: string;
  capability: string;
  description: string;
  schema_version: number;
}

/** What a lazy extension says before it has a process. */
export interface DeferredDeclarations {
  tools: readonly ToolDeclaration[];
  providers: readonly DeferredProvider[];
  context_providers: readonly DeferredContextProvider[];
  lifecycle?: "hook" | "user";
}

/**
 * The declarations of a lazy extension, or the problem that refuses the manifest. Neither for an extension that is not
 * lazy.
 */
export type DeferredResult = { declarations?: DeferredDeclarations; problem?: ManifestProblem };

/**
 * The declarations of a section, with the legacy form (`activation: "deferred"` beside `tools`) folded in. Nothing when
 * the section has neither. Any violation of a bound refuses the whole manifest.
 */
export function readDeferred(section: ExtensionSection): DeferredResult {
  try {
    const block = blockOf(section);
    if (block === undefined) return {};
    const declarations = declarationsOf(new Declared(block.value, block.at));
    checkSection(declarations, section);
    return { declarations };
  } catch (error) {
    if (error instanceof DeferredRefusal) return { problem: problemOf(error) };
    throw error;
  }
}

function blockOf(section: ExtensionSection): { value: JsonObject; at: string } | undefined {
  const { deferred, activation, tools } = section;
  if (deferred != null) {
    if (activation !== undefined)
      throw new DeferredRefusal("legacy_deferred_conflicts_with_deferred_block", "/extension/activation");
    return { value: deferred, at: AT };
  }
  if (activation !== "deferred") return undefined;
  if (!Array.isArray(tools) || tools.length === 0)
    throw new DeferredRefusal("legacy_deferred_requires_tools", "/extension/tools");
  return { value: { tools }, at: "/extension" };
}

function declarationsOf(block: Declared): DeferredDeclarations {
  const tools = block.list("tools", MAX_TOOLS, "too_many_declared_tools").map(toolOf);
  unique(tools, ({ name }) => name, twice("duplicate_declared_tool_name", `${block.at}/tools`, "name"));
  const providers = block.list("providers", MAX_PROVIDERS, "too_many_declared_providers").map(providerOf);
  unique(providers, ({ id }) => id, twice("duplicate_declared_provider_id", `${block.at}/providers`, "id"));
  const contexts = block
    .list("context_providers", MAX_CONTEXT_PROVIDERS, "too_many_declared_context_providers")
    .map(contextProviderOf);
  unique(
    contexts,
    ({ id }) => id,
    twice("duplicate_declared_context_provider_id", `${block.at}/context_providers`, "id"),
  );
  const lifecycle = block.get("lifecycle") ?? undefined;
  if (lifecycle !== undefined && lifecycle !== "hook" && lifecycle !== "user")
    throw new DeferredRefusal("invalid_lifecycle", `${block.at}/lifecycle`);
  return {
    tools,
    providers,
    context_providers: contexts,
    ...(lifecycle === undefined ? {} : { lifecycle }),
  };
}

function toolOf(tool: Declared): ToolDeclaration {
  return {
    name: tool.name("name", "invalid_declared_tool_name"),
    description: tool.description("invalid_declared_tool_description"),
    input_schema: tool.schema(
      "input_schema",
      "invalid_declared_tool_schema",
      "declared_tool_schema_too_large",
    ),
  };
}

function providerOf(provider: Declared): DeferredProvider {
  const id = provider.name("id", "invalid_declared_provider_id");
  const display_name = provider.displayName("display_name", "invalid_declared_provider_display_name");
  const description = provider.description("invalid_declared_provider_description");
  const models = provider.list("models", MAX_MODELS, "invalid_declared_model_count").map(modelOf);
  if (models.length === 0) throw new DeferredRefusal("invalid_declared_model_count", `${provider.at}/models`);
  unique(models, (model) => model.id, twice("duplicate_declared_model_id", `${provider.at}/models`, "id"));
  if (provider.get("config_schema") == null) return { id, display_name, description, models };
  const config_schema = provider.schema(
    "config_schema",
    "invalid_declared_provider_config_schema",
    "declared_provider_config_schema_too_large",
  );
  return { id, display_name, description, models, config_schema };
}

function modelOf(model: Declared): DeferredModel {
  const one: DeferredModel = { id: model.name("id", "invalid_declared_model_id") };
  if (model.get("display_name") != null)
    one.display_name = model.displayName("display_name", "invalid_declared_model_display_name");
  const capabilities = model.get("capabilities") ?? undefined;
  if (capabilities !== undefined) {
    if (!isBooleans(capabilities))
      throw new DeferredRefusal("invalid_declared_model_capabilities", `${model.at}/capabilities`);
    one.capabilities = capabilities;
  }
  const window = model.get("context_window") ?? undefined;
  if (window !== undefined) {
    if (!isWholeNumber(window))
      throw new DeferredRefusal("invalid_declared_model_context_window", `${model.at}/context_window`);
    one.context_window = window;
  }
  return one;
}

function contextProviderOf(context: Declared): DeferredContextProvider {
  const id = context.asciiName("id", "invalid_declared_context_provider_id", false);
  const capability = context.asciiName("capability", "invalid_declared_context_provider_capability", true);
  const description = context.description("invalid_declared_context_provider_description");
  const version = context.get("schema_version");
  if (!isWholeNumber(version))
    throw new DeferredRefusal(
      "invalid_declared_context_provider_schema_version",
      `${context.at}/schema_version`,
    );
  return { id, capability, description, schema_version: version };
}

/** Rules between the declarations and the rest of the section. */
function checkSection(
  { tools, providers, context_providers, lifecycle }: DeferredDeclarations,
  { permissions, hooks }: ExtensionSection,
): void {
  const needs = [
    [tools, "tools.register", "deferred_tools_require_tools_register_permission"],
    [providers, "providers.register", "deferred_providers_require_providers_register_permission"],
    [
      context_providers,
      "context_providers.register",
      "deferred_context_providers_require_context_providers_register_permission",
    ],
  ] as const;
  for (const [declared, permission, reason] of needs) {
    if (declared.length > 0 && !permissions.includes(permission))
      throw new DeferredRefusal(reason, "/extension/permissions");
  }
  if (lifecycle === "user" && tools.length + providers.length > 0)
    throw new DeferredRefusal("user_lifecycle_conflicts_with_active_capabilities", `${AT}/lifecycle`);
  if (lifecycle === "hook" && hooks.length === 0)
    throw new DeferredRefusal("hook_lifecycle_requires_hook_subscriptions", `${AT}/lifecycle`);
}

function twice(
  reason: ConstructorParameters<typeof DeferredRefusal>[0],
  at: string,
  key: string,
): (index: number) => Error {
  return (index) => new DeferredRefusal(reason, `${at}/${index}/${key}`);
}

function isBooleans(value: unknown): value is Record<string, boolean> {
  return isJsonObject(value) && Object.values(value).every((one) => typeof one === "boolean");
}

function isWholeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function problemOf({ reason, pointer }: DeferredRefusal): ManifestProblem {
  const code = reason.endsWith("_permission") ? "PERMISSION_MISSING" : "MANIFEST_INVALID";
  const message = `${DEFERRED_REASONS[reason]} (${reason})`;
  return { severity: "error", code, pointer, message, hint: "Correct the declaration, or remove it." };
}
