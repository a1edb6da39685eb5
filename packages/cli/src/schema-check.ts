import { SchemaCheck, type Candidate } from "@synaps/host/tooling";
import type { ExtensionSection } from "@synaps/sdk/manifest";
import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { Finding } from "./diagnostics.js";

/** Parts of the schemas in a manifest that check nothing. Tools that only the handshake declares need `--start`. */
export function schemaFindings(
  { id: extension, manifestPath: file }: Candidate,
  { deferred }: ExtensionSection,
): Finding[] {
  return toolsOf(deferred as JsonValue | undefined).flatMap(({ name, input_schema }, index) => {
    if (!isJsonObject(input_schema)) return [];
    const { unchecked } = new SchemaCheck(input_schema);
    if (unchecked.length === 0) return [];
    const pointer = `/extension/deferred/tools/${index}/input_schema`;
    const message = `not checked in the input schema of the tool '${String(name)}': ${unchecked.join(", ")}`;
    const hint = "Check such inputs in the tool, or use keywords that the page on tools lists.";
    return [
      {
        severity: "warning",
        code: "TOOL_SCHEMA_UNCHECKED",
        extension,
        file,
        pointer,
        message,
        hint,
      } as const,
    ];
  });
}

function toolsOf(deferred: JsonValue | undefined): Record<string, JsonValue>[] {
  const tools = isJsonObject(deferred) ? deferred["tools"] : undefined;
  return Array.isArray(tools) ? tools.filter(isJsonObject) : [];
}
