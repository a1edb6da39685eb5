import { didYouMean, isJsonObject } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import type { ModelDeclaration, ProviderDeclaration } from "../../supervision/declarations.js";
import type { Extension } from "../../supervision/extension.js";
import { isComing, isLive } from "../../supervision/states.js";
import type { ModelInfo, ProviderInfo } from "./provider-types.js";

/** A provider and its extension. */
export interface IndexedProvider {
  readonly extension: Extension;
  readonly info: Omit<ProviderInfo, "disabled">;
}

/** A model and its provider. */
export interface IndexedModel extends IndexedProvider {
  readonly model: ModelInfo;
}

/** All providers of extensions that run or are about to run, sorted by their runtime id. */
export function providersOf(extensions: readonly Extension[]): IndexedProvider[] {
  return extensions
    .filter(({ state }) => isLive(state) || isComing(state))
    .flatMap((extension) =>
      (extension.declarations?.providers ?? []).map((one) => ({
        extension,
        info: infoOf(extension.id, one),
      })),
    )
    .sort((a, b) => (a.info.id < b.info.id ? -1 : 1));
}

/** The model of a reference of three parts. Throws a HostError for another form or when there is none. */
export function findModel(extensions: readonly Extension[], ref: string): IndexedModel {
  const all = providersOf(extensions);
  for (const provider of all) {
    const model = provider.info.models.find((one) => one.ref === ref);
    if (model) return { ...provider, model };
  }
  const refs = all.flatMap(({ info }) => info.models.map((model) => model.ref));
  if (ref.split(":").length !== 3 || ref.split(":").includes("")) {
    throw new HostError("PROVIDER_NOT_FOUND", `'${ref.slice(0, 200)}' is no model`, {
      hint: "A model has three parts: <extension>:<provider>:<model>.",
    });
  }
  const meant = didYouMean(ref, refs);
  throw new HostError("PROVIDER_NOT_FOUND", `There is no model '${ref.slice(0, 200)}'`, {
    hint: meant === undefined ? `Known: ${refs.join(", ") || "none"}.` : `Did you mean '${meant}'?`,
  });
}

function infoOf(extension: string, declaration: ProviderDeclaration): Omit<ProviderInfo, "disabled"> {
  const { id: provider, display_name: displayName, description } = declaration;
  const id = `${extension}:${provider}`;
  const models = declaration.models.map((model) => modelOf(id, model));
  return { id, extension, provider, displayName, description, models };
}

/** Members beside a model's id are optional and not checked at the start: malformed ones are left out. */
function modelOf(provider: string, model: ModelDeclaration): ModelInfo {
  const { id, display_name, capabilities, context_window } = model;
  const able = isJsonObject(capabilities) ? capabilities : {};
  return {
    ref: `${provider}:${id}`,
    id,
    displayName: typeof display_name === "string" && display_name !== "" ? display_name : id,
    streaming: able["streaming"] === true,
    toolUse: able["tool_use"] === true,
    contextWindow: typeof context_window === "number" ? context_window : null,
  };
}
