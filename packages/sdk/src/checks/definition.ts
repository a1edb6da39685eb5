import { synapsCatalog } from "../protocol/synaps-catalog.js";
import type { Catalog } from "../protocol/catalog.js";
import { defineCatalog } from "../protocol/define-catalog.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { topicGlobProblem } from "../protocol/topics.js";
import type { ExtensionDefinition, ToolDefinition } from "../define-extension.js";
import type { ProviderDefinition, ProviderModel } from "../providers.js";
import type { SettingsEditor } from "../screens.js";
import { INPUT_TYPES } from "../tool-inputs.js";
import { checkConfigSpec } from "./config-spec.js";
import { checkShape, checkType, isObject, isPlain, type ShapeOf } from "./shape.js";
import { missingKey, unknownName, wrongType } from "./wording.js";

export const DEFINITION: ShapeOf<ExtensionDefinition> = {
  catalogs: "list",
  config: "object",
  inputs: "object",
  hooks: "object",
  tools: "object",
  providers: "object",
  commands: "object",
  settings: "object",
  info: "object",
  start: "function",
  stop: "function",
  onConfigChange: "function",
  onEvent: "object",
  onDropped: "function",
  sidecarArgs: "function",
  driveSession: "function",
};
const TOOL: ShapeOf<ToolDefinition> = {
  description: "string",
  input_schema: "object",
  idempotent: "boolean",
  run: "function",
};
const PROVIDER: ShapeOf<ProviderDefinition> = {
  displayName: "string",
  description: "string",
  models: "object",
  configSchema: "object",
  complete: "function",
  stream: "function",
};
const MODEL: ShapeOf<ProviderModel> = {
  displayName: "string",
  streaming: "boolean",
  toolUse: "boolean",
  contextWindow: "number",
};
const EDITOR: ShapeOf<SettingsEditor> = { open: "function", key: "function", commit: "function" };

/** Throws a TypeError that names the first mistake in a definition. `where` is the function that the author called. */
export function checkDefinition(where: string, definition: unknown): void {
  if (!isObject(definition) || !isPlain(definition)) {
    // The methods of a class stand on its prototype, and would be lost.
    const expected = isObject(definition) ? "a plain object" : "an object";
    throw wrongType(`${where}: the definition`, expected, definition);
  }
  checkShape(where, definition, DEFINITION);
  const { catalogs, config, inputs, hooks, tools, providers, commands, settings } = definition;
  for (const [key, field] of entriesOf(config)) checkConfigSpec(`${where}: the config key '${key}'`, field);
  for (const [name, shape] of entriesOf(inputs)) checkInput(`${where}: the input of '${name}'`, shape);
  const known = Array.isArray(catalogs) ? catalogs.map((one) => defineCatalog(one as Catalog)) : undefined;
  for (const [kind, handler] of entriesOf(hooks)) {
    checkKind(where, kind, known);
    if (handler !== undefined) checkType(`${where}: the hook '${kind}'`, handler, "function");
  }
  for (const [name, tool] of entriesOf(tools)) {
    checkShape(`${where}: the tool '${name}'`, tool, TOOL, ["description", "input_schema", "run"]);
  }
  for (const [id, provider] of entriesOf(providers))
    checkProvider(`${where}: the provider '${id}'`, provider);
  for (const [name, handler] of entriesOf(commands)) {
    checkType(`${where}: the command '${name}'`, handler, "function");
  }
  for (const [glob, handler] of entriesOf(definition["onEvent"])) {
    const problem = topicGlobProblem(glob);
    if (problem !== undefined) throw new TypeError(`${where}: the topics '${glob}' are wrong: ${problem}.`);
    checkType(`${where}: the handler of the events '${glob}'`, handler, "function");
  }
  for (const [name, editor] of entriesOf(settings)) {
    const what = `${where}: the settings editor '${name}'`;
    checkShape(what, editor, EDITOR, ["open"]);
    if (!/^[^/]+\/./.test(name)) throw new TypeError(`${what} must be named <category>/<field>.`);
  }
}

/**
 * Throws a TypeError for a hook kind that no host knows. Kinds of other catalogs carry a prefix, as in
 * `gateway.connection`; the SDK cannot know their names unless the catalogs are given.
 */
export function checkKind(
  where: string,
  kind: unknown,
  catalogs?: readonly Catalog[],
): asserts kind is string {
  if (typeof kind !== "string") throw wrongType(`${where}: the hook kind`, "a string", kind);
  const known = [synapsCatalog, ...(catalogs ?? [])].flatMap(({ kinds }) => Object.keys(kinds));
  if (known.includes(kind)) return;
  if (catalogs !== undefined) throw unknownName(where, "hook kind", kind, known);
  const isOfOther = /^[^.]+\../.test(kind) && didYouMean(kind, known) === undefined;
  if (!isOfOther) throw unknownName(where, "hook kind", kind, known);
}

function checkInput(where: string, shape: unknown): void {
  checkType(where, shape, "object");
  for (const [field, type] of entriesOf(shape)) {
    const isKnown = INPUT_TYPES.some((name) => name === type);
    if (!isKnown) throw unknownName(`${where}: '${field}'`, "type", String(type), INPUT_TYPES);
  }
}

function checkProvider(where: string, provider: unknown): void {
  checkShape(where, provider, PROVIDER, ["displayName", "description", "models", "complete"]);
  const models = entriesOf(provider["models"]);
  if (models.length === 0) throw new TypeError(`${where} needs at least one model.`);
  for (const [id, model] of models) {
    checkShape(`${where}: the model '${id}'`, model, MODEL);
    if (model["streaming"] && provider["stream"] === undefined) {
      throw missingKey(`${where}: the model '${id}' streams`, "stream", "a function");
    }
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}
