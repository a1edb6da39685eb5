import * as z from "zod";
import { manifestSchema } from "./schema.js";

/** The manifest's JSON Schema, draft 7, which editors understand best. The same as `extension.schema.json`. */
export function manifestJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(manifestSchema, { io: "input", target: "draft-7" });
  return {
    $id: "urn:synaps:extension-manifest",
    title: "Extension manifest (.synaps-plugin/plugin.json)",
    ...schema,
  };
}
