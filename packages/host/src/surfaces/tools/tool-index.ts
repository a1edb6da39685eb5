import { didYouMean, type ToolDeclaration } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import type { Extension } from "../../supervision/extension.js";
import { isComing, isLive } from "../../supervision/states.js";
import { apiNameOf } from "./api-name.js";
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

/** Names that an error lists, or compares with a name that does not exist. */
const MAX_KNOWN = 20;
const MAX_COMPARED = 2_000;

/** Tools as their extensions declared them: made once for each declaration, however often extensions move. */
const made = new WeakMap<readonly ToolDeclaration[], readonly IndexedTool[]>();

/** All tools by both of their names. Built again when an extension moves; the first extension in load order wins a name. */
export class ToolIndex {
  readonly refused: readonly RefusedTool[];
  readonly #byName = new Map<string, IndexedTool>();
  #sorted: readonly IndexedTool[] | undefined;

  constructor(extensions: readonly Extension[]) {
    const refused: RefusedTool[] = [];
    for (const extension of extensions) {
      for (const tool of toolsOf(extension)) {
        const { name, apiName } = tool.info;
        const taken = this.#byName.get(apiName) ?? this.#byName.get(name);
        if (taken) refused.push({ extension, name, apiName, taken: taken.info.name });
        else this.#byName.set(name, tool).set(apiName, tool);
      }
    }
    this.refused = refused;
  }

  /** Sorted by runtime name. */
  all(): readonly IndexedTool[] {
    this.#sorted ??= [...new Set(this.#byName.values())].sort((a, b) => (a.info.name < b.info.name ? -1 : 1));
    return this.#sorted;
  }

  /** By runtime name or API name. */
  get(name: string): IndexedTool | undefined {
    return this.#byName.get(name);
  }

  /** The same. Throws a HostError when there is none. */
  find(name: string): IndexedTool {
    const tool = this.#byName.get(name);
    if (tool) return tool;
    const names = [...this.#byName.keys()];
    const meant = didYouMean(name, names.slice(0, MAX_COMPARED));
    const known = this.all()
      .slice(0, MAX_KNOWN)
      .map(({ info }) => info.name);
    const more = this.all().length > MAX_KNOWN ? ", …" : "";
    throw new HostError("TOOL_NOT_FOUND", `There is no tool '${name.slice(0, 200)}'`, {
      hint: meant === undefined ? `Known: ${known.join(", ") || "none"}${more}.` : `Did you mean '${meant}'?`,
    });
  }
}

/** An extension that crashed and restarts keeps its tools: a call waits for it. One that is down for good has none. */
function toolsOf(extension: Extension): readonly IndexedTool[] {
  const { state, declarations, id } = extension;
  if (!declarations || !(isLive(state) || isComing(state))) return [];
  const known = made.get(declarations.tools);
  if (known && known[0]?.extension === extension) return known;
  const tools = declarations.tools.map((declaration) => ({
    extension,
    declaration,
    info: infoOf(id, declaration),
  }));
  made.set(declarations.tools, tools);
  return tools;
}

function infoOf(extension: string, declaration: ToolDeclaration): ToolInfo {
  const { name: tool, description, input_schema: inputSchema, idempotent = false } = declaration;
  const name = `${extension}:${tool}`;
  return Object.freeze({
    name,
    apiName: apiNameOf(name),
    extension,
    tool,
    description,
    inputSchema,
    idempotent,
  });
}
