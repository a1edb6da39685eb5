import { nameOfType } from "../checks/wording.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../protocol/json.js";
import type { ToolInputs } from "../tool-inputs.js";

/** Most characters of a tool's name that a message repeats. */
const MAX_SHOWN = 64;

/** Returns the first way in which the input of an event does not fit the shape of its tool, undefined when it fits. */
export function inputProblem({ tool_name, tool_input }: JsonObject, inputs: ToolInputs): string | undefined {
  const name = String(tool_name);
  const shown = name.slice(0, MAX_SHOWN);
  const shape = Object.hasOwn(inputs, name) ? inputs[name] : inputs["*"];
  if (!shape) return `'inputs' has no shape for the tool '${shown}', and none for '*'`;
  const input = tool_input ?? null;
  if (!isJsonObject(input))
    return `the input of the tool '${shown}' must be an object, not ${nameOfType(input)}`;
  for (const [key, type] of Object.entries(shape)) {
    const value = Object.hasOwn(input, key) ? input[key] : undefined;
    if (!fits(value, type)) {
      const arrived = value === undefined ? "is missing" : `must be a ${type}, not ${nameOfType(value)}`;
      return `the input of the tool '${shown}' does not fit: '${key}' ${arrived}`;
    }
  }
  return undefined;
}

function fits(value: JsonValue | undefined, type: string): boolean {
  if (type.endsWith("?")) return value === undefined || value === null || fits(value, type.slice(0, -1));
  return type === "json" ? value !== undefined : typeof value === type;
}
