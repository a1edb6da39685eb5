import { didYouMean, type ToolDeclaration } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import type { Extension } from "../../supervision/extension.js";
import { isComing, isLive } from "../../supervision/states.js";
import type { ToolInfo } from "./tool-types.js";

/** A tool and its extension. */
export interface IndexedTool {
  readonly info: ToolInfo;
  readonly declaration: ToolDeclaration;
  readonly extension: Extension;
}

/** A tool that cannot be offered, because a tool of another extension has its name. */
export interface RefusedTool {
  readonly extension: Extension;
  readonly name: string;
  readonly apiName: string;
  /** The runtime name of the tool that has the name. */
  readonly taken: string;
}

/** All tools by both of their names. Built again when an extension moves; the first extension in load order wins a name. */
export class ToolIndex {
  readonly refused: readonly RefusedTool[];
  readonly #byName = new Map<string, IndexedTool>();

  constructor(extensions: readonly Extension[]) {
    const refused: RefusedTool[] = [];
    for (const extension of extensions) {
      for (const declaration of offered(extension)) {
        const tool = { extension, declaration, info: infoOf(extension.id, declaration) };
        const { name, apiName } = tool.info;
        const taken = this.#byName.get(apiName) ?? this.#byName.get(name);
        if (taken) refused.push({ extension, name, apiName, taken: taken.info.name });
        else this.#byName.set(name, tool).set(apiName, tool);
      }
    }
    this.refused = refused;
  }

  /** Sorted by runtime name. */
  all(): IndexedTool[] {
    return [...new Set(this.#byName.values())].sort((a, b) => (a.info.name < b.info.name ? -1 : 1));
  }

  /** By runtime name or API name. Throws a HostError when there is none. */
  find(name: string): IndexedTool {
    const tool = this.#byName.get(name);
    if (tool) return tool;
    const meant = didYouMean(name, [...this.#byName.keys()]);
    const known = this.all().map(({ info }) => info.name);
    throw new HostError("TOOL_NOT_FOUND", `There is no tool '${name.slice(0, 200)}'`, {
      hint: meant === undefined ? `Known: ${known.join(", ") || "none"}.` : `Did you mean '${meant}'?`,
    });
  }
}

/** An extension that crashed and restarts keeps its tools: a call waits for it. One that is down for good has none. */
function offered({ state, declarations }: Extension): readonly ToolDeclaration[] {
  return isLive(state) || isComing(state) ? (declarations?.tools ?? []) : [];
}

function infoOf(extension: string, declaration: ToolDeclaration): ToolInfo {
  const { name: tool, description, input_schema: inputSchema, idempotent = false } = declaration;
  const name = `${extension}:${tool}`;
  return Object.freeze({
    name,
    apiName: name.replaceAll(":", "_"),
    extension,
    tool,
    description,
    inputSchema,
    idempotent,
  });
}
