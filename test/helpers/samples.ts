import type { PayloadSchema } from "@synaps/sdk/protocol";

/** A value that fits a schema, with every member that it names. */
export function sampleOf(schema: PayloadSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type === undefined ? "object" : [schema.type].flat()[0]) {
    case "string":
      return textFor(schema);
    case "number":
    case "integer":
      return schema.minimum ?? 0;
    case "boolean":
      return true;
    case "array":
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => sampleOf(schema.items ?? {}));
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, member]) => [name, sampleOf(member)]),
      );
    default:
      return null;
  }
}

function textFor({ format, contentEncoding, bytes = 0, minLength = 1 }: PayloadSchema): string {
  if (format === "uint64") return "18446744073709551615";
  if (contentEncoding === undefined) return "x".repeat(minLength);
  const length = typeof bytes === "number" ? bytes : "min" in bytes ? bytes.min : (bytes[0] ?? 0);
  return Buffer.alloc(length, 7).toString("base64");
}
