import { brokenLimit } from "../config-limits.js";
import type { ManifestProblem } from "./problem.js";
import type { ConfigEntry } from "./schema.js";

/** Reports limits that contradict the type of an entry, its default or each other. */
export function checkLimits(entry: ConfigEntry, at: string): ManifestProblem[] {
  const { type, min, max } = entry;
  const given = (["enum", "min", "max", "max_length"] as const).filter((name) => entry[name] != null);
  const [first] = given;
  if (first === undefined) return [];
  const problem = (key: string, message: string, hint: string): ManifestProblem => ({
    severity: "error",
    code: "MANIFEST_INVALID",
    pointer: `${at}/${key}`,
    message: `config key '${entry.key}': ${message}`,
    hint,
  });
  if (entry.host_context != null)
    return [problem(first, `'${first}' says nothing about a value of the host`, `Remove '${first}'.`)];
  const problems = given.flatMap((name) => {
    const needed = NEEDED[name];
    if (needed.some((one) => one === type)) return [];
    return [
      problem(name, `'${name}' needs the type ${needed.join(" or ")}`, `Set "type" to "${needed[0]}".`),
    ];
  });
  entry.enum?.forEach((value, index) => {
    const place = `enum/${index}`;
    if (type != null && typeof value !== type)
      problems.push(problem(place, `'enum' has a value that is no ${type}`, `Write a ${type}.`));
    if (entry.enum?.indexOf(value) !== index)
      problems.push(problem(place, "'enum' has a value twice", "Remove one of them."));
  });
  if (entry.enum && given.length > 1)
    problems.push(problem("enum", `'enum' and '${given[1]}' say the same in two ways`, "Keep one of them."));
  if (min != null && max != null && min > max)
    problems.push(problem("min", `'min' ${min} is above 'max' ${max}`, "Swap them."));
  if (problems.length > 0 || entry.default == null) return problems;
  const wanted = brokenLimit(entry, entry.default);
  return wanted === undefined
    ? []
    : [problem("default", `the default must be ${wanted}`, "Correct one of them.")];
}

const NEEDED = {
  enum: ["string", "number"],
  min: ["number"],
  max: ["number"],
  max_length: ["string"],
} as const;
