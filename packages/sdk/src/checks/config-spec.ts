import { CONFIG_TYPES, type ConfigField } from "../config.js";
import { brokenLimit } from "../config-limits.js";
import type { JsonValue } from "../protocol/json.js";
import { checkShape, checkType, type ShapeOf } from "./shape.js";
import { unknownName } from "./wording.js";

const FIELD: ShapeOf<ConfigField> = {
  type: "string",
  enum: "list",
  min: "number",
  max: "number",
  max_length: "number",
  default: "any",
};

/** Throws a TypeError for a config key of the code that could not be read. */
export function checkConfigSpec(where: string, field: unknown): void {
  checkShape(where, field, FIELD, ["type"]);
  const type = CONFIG_TYPES.find((name) => name === field["type"]);
  if (type === undefined) throw unknownName(where, "type", String(field["type"]), CONFIG_TYPES);
  const fallback = field["default"];
  if (fallback === undefined || type === "json") return;
  checkType(`${where}: 'default'`, fallback, type);
  const wanted = brokenLimit(field, fallback as JsonValue);
  if (wanted !== undefined) throw new TypeError(`${where}: 'default' must be ${wanted}.`);
}
