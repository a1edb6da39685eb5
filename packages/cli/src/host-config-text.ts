import type { HostConfigInspection, WrittenValue } from "@synaps/host/tooling";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";

type Origins = HostConfigInspection["origins"];

/** The values as a file in TOML, table by table; with origins, each line says where its value comes from. */
export function tomlText(values: readonly WrittenValue[], file: string | null, origins?: Origins): string {
  const lines: string[] = [];
  let open = "";
  for (const { path, key, value } of values) {
    const table = path.slice(0, -1).map(tomlKey).join(".");
    if (table !== open) lines.push(...(open === "" ? [] : [""]), `[${table}]`);
    open = table;
    const name = tomlKey(path.at(-1) ?? "");
    const text = value === null ? `# ${name} is not set` : `${name} = ${tomlValue(value)}`;
    lines.push(origins && value !== null ? `${text}  # ${originText(origins.get(key), file)}` : text);
  }
  return `${lines.join("\n")}\n`;
}

/** Words for the place that a value comes from. */
function originText(origin: ReturnType<Origins["get"]>, file: string | null): string {
  const { from = "default", line = null, variable = null } = origin ?? {};
  if (variable !== null) return variable;
  if (from !== "file") return from;
  return line === null ? (file ?? from) : `${file}:${line}`;
}

function tomlKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : tomlString(name);
}

/** The text in quotes. TOML has the escapes of JSON, and refuses one more character as it stands. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007F", String.raw`\u007F`);
}

function tomlValue(value: JsonValue): string {
  if (typeof value === "string") return tomlString(value);
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, one]) => `${tomlKey(name)} = ${tomlValue(one)}`);
  return `{ ${members.join(", ")} }`;
}

/** The values as `host.json` has them, and null where nothing is set. */
export function jsonTables(values: readonly WrittenValue[]): JsonObject {
  const root = Object.create(null) as JsonObject;
  for (const { path, value } of values) {
    const table = path
      .slice(0, -1)
      .reduce((at, name) => (at[name] ??= Object.create(null) as JsonObject) as JsonObject, root);
    table[path.at(-1) ?? ""] = value;
  }
  return root;
}
