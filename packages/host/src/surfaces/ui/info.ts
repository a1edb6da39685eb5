import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { lineOf } from "../../text-bounds.js";

/** The answer of an extension to `info.get`. */
export interface ExtensionInfo {
  build: { backend: string; features: string[]; version: string } | undefined;
  capabilities: { kind: string; name: string; modes: string[] }[];
  models: { id: string; displayName: string | undefined; installed: boolean }[];
}

/** `none`: the extension was not asked, or does not know the question. */
export type InfoAnswer =
  { status: "known"; info: ExtensionInfo } | { status: "malformed"; problem: string } | { status: "none" };

const MAX_ENTRIES = 256;
const MAX_TEXT_BYTES = 256;

class Malformed extends Error {}

/** Reads the answer to `info.get`; undefined stands for no answer. Unknown keys are ignored. */
export function readInfo(answer: unknown): InfoAnswer {
  if (answer === undefined) return { status: "none" };
  try {
    if (!isJsonObject(answer)) throw new Malformed("the answer is no object");
    const { build, capabilities, models } = answer;
    return {
      status: "known",
      info: {
        build: buildOf(build),
        capabilities: list(capabilities, "capabilities", capabilityOf),
        models: list(models, "models", modelOf),
      },
    };
  } catch (error) {
    if (error instanceof Malformed) return { status: "malformed", problem: error.message };
    throw error;
  }
}

function buildOf(build: JsonValue | undefined): ExtensionInfo["build"] {
  if (build === undefined || build === null) return undefined;
  if (!isJsonObject(build)) throw new Malformed("build is no object");
  const { backend, features, version } = build;
  return {
    backend: text(backend, "build.backend"),
    features: list(features, "build.features", (one) => text(one, "a feature")),
    version: version === undefined ? "" : text(version, "build.version"),
  };
}

function capabilityOf(value: JsonValue): ExtensionInfo["capabilities"][number] {
  if (!isJsonObject(value)) throw new Malformed("a capability is no object");
  const { kind, name, modes } = value;
  return {
    kind: text(kind, "the kind of a capability"),
    name: text(name, "the name of a capability"),
    modes: list(modes, "modes", (one) => text(one, "a mode")),
  };
}

function modelOf(value: JsonValue): ExtensionInfo["models"][number] {
  if (!isJsonObject(value)) throw new Malformed("a model is no object");
  const { id, display_name, installed } = value;
  return {
    id: text(id, "the id of a model"),
    displayName: display_name == null ? undefined : text(display_name, "the display_name of a model"),
    installed: installed === true,
  };
}

function list<T>(value: JsonValue | undefined, what: string, read: (one: JsonValue) => T): T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Malformed(`${what} must be a list`);
  return value.slice(0, MAX_ENTRIES).map(read);
}

function text(value: JsonValue | undefined, what: string): string {
  if (typeof value !== "string") throw new Malformed(`${what} must be a text`);
  return lineOf(value, MAX_TEXT_BYTES);
}
