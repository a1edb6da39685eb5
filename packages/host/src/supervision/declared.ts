import { schemaDigest, type DeferredDeclarations } from "@synaps/sdk/manifest";
import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import type { Declarations } from "./declarations.js";

/** In what a running extension differs from what its manifest said before it ran. */
export interface DeclarationDrift {
  kind: "tool_missing" | "tool_unlisted" | "tool_schema" | "tool_description" | "provider";
  /** Name of the tool or provider. */
  name: string;
}

/** Returns the declarations of an extension that has no process yet. */
export function declaredBefore({ activation, deferred }: LoadedExtension): Declarations | undefined {
  if (activation === "eager" || !deferred) return undefined;
  const providers = deferred.providers.map((provider) => ({ ...provider, models: [...provider.models] }));
  return { tools: deferred.tools, providers, capabilities: [] };
}

/**
 * Compares what a lazy extension declares in its handshake with its manifest. They must say exactly the same, in any
 * order: what was shown, searched and agreed to is what runs.
 */
export function declarationDrift(
  declared: DeferredDeclarations,
  running: Pick<Declarations, "tools" | "providers">,
): DeclarationDrift | undefined {
  return toolDrift(declared, running) ?? providerDrift(declared, running);
}

function toolDrift(
  { tools: declared }: DeferredDeclarations,
  { tools: running }: Pick<Declarations, "tools">,
): DeclarationDrift | undefined {
  const byName = new Map(running.map((tool) => [tool.name, tool]));
  for (const { name, description, input_schema } of declared) {
    const tool = byName.get(name);
    if (!tool) return { kind: "tool_missing", name };
    if (schemaDigest(tool.input_schema) !== schemaDigest(input_schema)) return { kind: "tool_schema", name };
    if (tool.description !== description) return { kind: "tool_description", name };
    byName.delete(name);
  }
  const [unlisted] = byName.keys();
  return unlisted === undefined ? undefined : { kind: "tool_unlisted", name: unlisted };
}

function providerDrift(
  { providers: declared }: DeferredDeclarations,
  { providers: running }: Pick<Declarations, "providers">,
): DeclarationDrift | undefined {
  const byId = new Map(running.map((provider) => [provider.id, provider]));
  for (const provider of declared) {
    const other = byId.get(provider.id);
    if (!other || digestOf(provider) !== digestOf(other)) return { kind: "provider", name: provider.id };
    byId.delete(provider.id);
  }
  const [unlisted] = byId.keys();
  return unlisted === undefined ? undefined : { kind: "provider", name: unlisted };
}

/** Of all that a manifest can declare about a provider of this id; a process may tell more. */
function digestOf(provider: object): string {
  const { display_name, description, models, config_schema } = provider as Record<string, JsonValue>;
  const comparable = (Array.isArray(models) ? models : []).map((model) => {
    const { id: name, display_name: shown, capabilities, context_window } = isJsonObject(model) ? model : {};
    return {
      id: name ?? null,
      display_name: shown ?? null,
      capabilities: capabilities ?? null,
      context_window: context_window ?? null,
    };
  });
  return schemaDigest({
    display_name: display_name ?? null,
    description: description ?? null,
    models: comparable,
    config_schema: config_schema ?? null,
  });
}
