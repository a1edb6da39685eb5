import { schemaDigest } from "@synaps/sdk/manifest";
import type { JsonObject } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";

/** A tool that is known before its extension has a process. */
export interface DormantTool {
  readonly extension: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<JsonObject>;
  /** Of the schema, whatever the order of its keys. */
  readonly schemaDigest: string;
}

/** Tools of lazy extensions, as their manifests declare them, in load order. Looking at them starts nothing. */
export function dormantTools(extensions: readonly Extension[]): DormantTool[] {
  return extensions.flatMap(({ id, lazy, loaded }) => {
    if (!lazy) return [];
    return (loaded.deferred?.tools ?? []).map(({ name, description, input_schema }) =>
      Object.freeze({
        extension: id,
        name,
        description,
        inputSchema: input_schema,
        schemaDigest: schemaDigest(input_schema),
      }),
    );
  });
}

/** Those in whose name or description all words occur, in capitals or not. */
export function searchTools(tools: readonly DormantTool[], text: string): DormantTool[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return tools.filter(({ extension, name, description }) => {
    const within = `${extension} ${name} ${description}`.toLowerCase();
    return words.every((word) => within.includes(word));
  });
}
