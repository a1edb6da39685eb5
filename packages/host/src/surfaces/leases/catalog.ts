import { schemaDigest } from "@synaps/sdk/manifest";
import type { JsonObject } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";

/** A tool of a lazy extension, known before the extension has a process. */
export interface LazyTool {
  readonly extension: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<JsonObject>;
  /** Digest of the schema, whatever the order of its keys. */
  readonly schemaDigest: string;
}

/** Tools of lazy extensions, as their manifests declare them, in load order. Looking at them starts nothing. */
export function lazyTools(extensions: readonly Extension[]): LazyTool[] {
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

/** Tools in whose name or description all words occur, in any case. */
export function searchTools(tools: readonly LazyTool[], text: string): LazyTool[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return tools.filter(({ extension, name, description }) => {
    const within = `${extension} ${name} ${description}`.toLowerCase();
    return words.every((word) => within.includes(word));
  });
}
