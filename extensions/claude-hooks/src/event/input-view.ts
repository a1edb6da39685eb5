import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";

/** Members of the inputs of tools, with the names that other agents have for the same. */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Bash: { command: ["cmd", "script"] },
  Read: { file_path: ["path", "absolute_path", "filePath", "target_file", "filename"] },
  Write: {
    file_path: ["path", "filePath", "absolute_path", "target_file", "filename"],
    content: ["contents", "file_text", "text"],
  },
  Edit: {
    file_path: ["path", "filePath", "absolute_path", "target_file", "filename"],
    old_string: ["oldText", "old_str", "oldString"],
    new_string: ["newText", "new_str", "newString"],
  },
};

/** An input as hooks of this format read it, and the way back. */
export interface InputView {
  readonly seen: JsonObject;
  /** The input for the agent's tool: members that were added for hooks go back to the agent's own. */
  back(changed: JsonObject): JsonObject;
}

/** Adds the names that hooks look for; the agent's own members stay beside them. */
export function viewInput(tool: string, input: JsonValue): InputView {
  const given = isJsonObject(input) ? input : {};
  const added: [string, string][] = [];
  for (const [name, others] of Object.entries(MEMBERS[tool] ?? {})) {
    const own = Object.hasOwn(given, name)
      ? undefined
      : others.find((other) => typeof given[other] === "string");
    if (own !== undefined) added.push([name, own]);
  }
  const seen = {
    ...given,
    ...Object.fromEntries(added.map(([name, own]) => [name, given[own] as JsonValue])),
  };
  return {
    seen,
    back(changed) {
      const result = { ...changed };
      for (const [name, own] of added) {
        const value = result[name];
        delete result[name];
        if (value !== undefined && (value !== seen[name] || !Object.hasOwn(result, own))) result[own] = value;
      }
      return result;
    },
  };
}

/**
 * Merges the inputs that several hooks want, each made from the same original, in the order of their declaration: a member
 * that a hook changed or left out is taken over. `conflicts` names members to which two hooks gave different values.
 */
export function mergeInputs(
  seen: JsonObject,
  wanted: readonly JsonObject[],
): { merged: JsonObject; conflicts: string[] } {
  const changes = new Map<string, JsonValue | undefined>();
  const conflicts = new Set<string>();
  for (const input of wanted)
    for (const key of new Set([...Object.keys(seen), ...Object.keys(input)])) {
      if (isSame(input[key], seen[key])) continue;
      if (changes.has(key) && !isSame(changes.get(key), input[key])) conflicts.add(key);
      changes.set(key, input[key]);
    }
  const entries = Object.entries({ ...seen, ...Object.fromEntries(changes) });
  return {
    merged: Object.fromEntries(
      entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
    ),
    conflicts: [...conflicts],
  };
}

function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
