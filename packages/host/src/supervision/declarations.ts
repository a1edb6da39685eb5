import {
  isJsonObject,
  isPermission,
  type JsonObject,
  type JsonValue,
  type PermissionName,
  type ToolDeclaration,
} from "@synaps/sdk/protocol";
import { valueInWords } from "../text-bounds.js";

/** A model: its id, and what else the extension says of it, unchecked. */
export interface ModelDeclaration {
  id: string;
  display_name?: unknown;
  capabilities?: unknown;
  context_window?: unknown;
}

export interface ProviderDeclaration {
  id: string;
  display_name: string;
  description: string;
  models: ModelDeclaration[];
}

export interface Declarations {
  tools: readonly ToolDeclaration[];
  providers: readonly ProviderDeclaration[];
  capabilities: readonly { kind: string; name: string }[];
}

export type DeclarationResult = { ok: true; value: Declarations } | { ok: false; problem: string };

const MAX_NAME_LENGTH = 64;
/** Most entries of a list: far more than a model or a person can choose from, and little for the host to look through. */
const MAX_DECLARED = 4_096;
// oxlint-disable-next-line no-control-regex
const BAD_SEGMENT = /[\u0000-\u001f\u007f:\s]/;
const PROVIDER_ID = /^[a-z0-9_-]+$/;

class Refusal extends Error {}

/**
 * Checks what an extension declares in its answer to `initialize`, by the reference's rules. Absent lists are
 * empty, unknown keys are ignored, also `capabilities` that is no object (seen in the wild).
 */
export function checkDeclarations(
  capabilities: unknown,
  permissions: ReadonlySet<PermissionName>,
  config: JsonObject,
): DeclarationResult {
  const declared = isJsonObject(capabilities) ? capabilities : {};
  try {
    const tools = list(declared["tools"], "tools").map(toolOf);
    unique(tools, ({ name }) => name, "tool");
    if (tools.length > 0) need(permissions, "tools.register", "tools");
    const providers = list(declared["providers"], "providers").map((value) => providerOf(value, config));
    unique(providers, ({ id }) => id, "provider");
    const models = providers.reduce((sum, one) => sum + one.models.length, 0);
    if (models > MAX_DECLARED)
      throw new Refusal(`its providers have ${models} models: at most ${MAX_DECLARED} are allowed`);
    if (providers.length > 0) need(permissions, "providers.register", "providers");
    const others = list(declared["capabilities"], "capabilities").map((value) =>
      capabilityOf(value, permissions),
    );
    return { ok: true, value: { tools, providers, capabilities: others } };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.message };
    throw error;
  }
}

function toolOf(value: JsonValue): ToolDeclaration {
  const tool = object(value, "a tool");
  const name = segment(tool["name"], "tool name");
  const description = filled(tool["description"], `tool '${name}' needs a description`);
  const schema = tool["input_schema"];
  if (!isJsonObject(schema)) throw new Refusal(`tool '${name}' needs an input_schema that is an object`);
  const idempotent = tool["idempotent"] === true;
  return { name, description, input_schema: schema, ...(idempotent ? { idempotent } : {}) };
}

function providerOf(value: JsonValue, config: JsonObject): ProviderDeclaration {
  const provider = object(value, "a provider");
  const id = segment(provider["id"], "provider id");
  if (!PROVIDER_ID.test(id)) throw new Refusal(`provider id '${id}' may only have a-z, 0-9, '_' and '-'`);
  const display_name = filled(provider["display_name"], `provider '${id}' needs a display_name`);
  const description = filled(provider["description"], `provider '${id}' needs a description`);
  const models = list(provider["models"], `models of provider '${id}'`).map((value) => {
    const model = object(value, "a model");
    return { ...model, id: segment(model["id"], "model id") };
  });
  if (models.length === 0) throw new Refusal(`provider '${id}' needs at least one model`);
  unique(models, (model) => model.id, "model");
  checkProviderConfig(id, provider["config_schema"], config);
  return { ...provider, id, display_name, description, models };
}

function checkProviderConfig(id: string, schema: JsonValue | undefined, config: JsonObject): void {
  if (schema === undefined || schema === null) return;
  if (!isJsonObject(schema)) throw new Refusal(`config_schema of provider '${id}' must be an object`);
  for (const key of list(schema["required"], `required of provider '${id}'`)) {
    if (typeof key !== "string") throw new Refusal(`required of provider '${id}' must list strings`);
    if (config[key] === undefined)
      throw new Refusal(`missing required provider config '${key}' of provider '${id}'`);
  }
}

function capabilityOf(
  value: JsonValue,
  granted: ReadonlySet<PermissionName>,
): { kind: string; name: string } {
  const capability = object(value, "a capability");
  const kind = filled(capability["kind"], "a capability needs a kind");
  const name = filled(capability["name"], "a capability needs a name");
  for (const permission of list(capability["permissions"], `permissions of capability '${name}'`)) {
    // A permission of a catalog's own is known by having been granted.
    if (typeof permission !== "string" || !(isPermission(permission) || granted.has(permission))) {
      throw new Refusal(`capability '${name}' lists the unknown permission '${valueInWords(permission)}'`);
    }
    need(granted, permission, `capability '${name}'`);
  }
  return { kind, name };
}

function need(granted: ReadonlySet<PermissionName>, permission: PermissionName, what: string): void {
  if (!granted.has(permission)) throw new Refusal(`${what} need the permission '${permission}'`);
}

function list(value: JsonValue | undefined, what: string): JsonValue[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Refusal(`${what} must be a list`);
  if (value.length > MAX_DECLARED)
    throw new Refusal(`it lists ${value.length} ${what}: at most ${MAX_DECLARED} are allowed`);
  return value;
}

function object(value: JsonValue, what: string): JsonObject {
  if (!isJsonObject(value)) throw new Refusal(`${what} must be an object`);
  return value;
}

function segment(value: JsonValue | undefined, what: string): string {
  if (typeof value !== "string" || value === "") throw new Refusal(`${what} must not be empty`);
  if (value.length > MAX_NAME_LENGTH)
    throw new Refusal(`${what} '${value.slice(0, 64)}…' is over 64 characters`);
  if (BAD_SEGMENT.test(value)) {
    throw new Refusal(
      `${what} '${value.replace(/\p{Cc}/gu, "?")}' may not have colons, spaces or control characters`,
    );
  }
  return value;
}

function filled(value: JsonValue | undefined, otherwise: string): string {
  if (typeof value !== "string" || value.trim() === "") throw new Refusal(otherwise);
  return value;
}

function unique<T>(items: readonly T[], key: (item: T) => string, what: string): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(key(item))) throw new Refusal(`duplicate ${what} '${key(item)}'`);
    seen.add(key(item));
  }
}
