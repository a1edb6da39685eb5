import { nameOfType } from "../checks/wording.js";
import { ExtensionError } from "../errors.js";
import { ACTIONS, type Action, type Catalog } from "../protocol/catalog.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { isJsonObject, type JsonObject } from "../protocol/json.js";
import { parseVerdict, proceed } from "../protocol/results.js";
import { synapsCatalog } from "../protocol/synaps-catalog.js";
import { CONTINUE_RESULT } from "./batch.js";

/** Most characters of a result that a message repeats. */
const MAX_SHOWN = 64;

/** The field without which an action still counts, although its author probably meant something else. */
const EXPECTED: Readonly<Record<string, string>> = { block: "reason", confirm: "message", modify: "input" };

export interface ResultOf {
  kind: string;
  /** Name of the handler's function; may be empty. */
  handler: string;
  /** Catalogs beside `synaps` that the extension has named. */
  catalogs?: readonly Catalog[] | undefined;
  log(line: string): void;
}

/**
 * Returns the result of a handler as it travels. Throws an ExtensionError for one that the kind does not allow or that is
 * no verdict, after a line in the log. A block, a confirm or a modify that lacks its field travels, because the host
 * stops the operation for it; the log names the field.
 */
export function hookResult(value: unknown, { kind, handler, catalogs = [], log }: ResultOf): string {
  if (value === undefined || value === proceed()) return CONTINUE_RESULT;
  const who = `the handler of '${kind}'${handler === "" || handler === kind ? "" : ` (${handler})`}`;
  const problem = problemOf(kind, value, catalogs);
  if (problem !== undefined) {
    log(`${who} returned ${problem}`);
    throw new ExtensionError(`the handler of '${kind}' returned ${problem}`);
  }
  const lacking = fieldLacking(value as JsonObject);
  if (lacking !== undefined) log(`${who} returned ${lacking}`);
  return JSON.stringify(value);
}

function problemOf(kind: string, value: unknown, catalogs: readonly Catalog[]): string | undefined {
  const allowed: readonly Action[] =
    ([synapsCatalog, ...catalogs] as readonly Catalog[]).find(({ kinds }) => Object.hasOwn(kinds, kind))
      ?.kinds[kind]?.actions ?? ACTIONS;
  const choice = `Allowed: ${allowed.join(", ")}, or no result.`;
  if (!isJsonObject(value)) return `${nameOfType(value)}, which is no result. ${choice}`;
  const action = value["action"];
  if (typeof action !== "string") return `an object without 'action'. ${choice}`;
  const shown = action.slice(0, MAX_SHOWN);
  if (!(ACTIONS as readonly string[]).includes(action)) {
    const meant = didYouMean(action, allowed);
    return `the unknown action '${shown}'. ${meant === undefined ? "" : `Did you mean '${meant}'? `}${choice}`;
  }
  if (!(allowed as readonly string[]).includes(action))
    return `the action '${shown}', which '${kind}' does not allow. ${choice}`;
  const parsed = parseVerdict(value);
  return parsed.ok ? undefined : `a result that is no verdict: ${parsed.problem}`;
}

function fieldLacking(result: JsonObject): string | undefined {
  const action = String(result["action"]);
  const field = EXPECTED[action];
  if (field === undefined) return undefined;
  const value = result[field];
  if (action === "modify" ? value !== undefined : typeof value === "string" && value.trim() !== "")
    return undefined;
  const meant = Object.keys(result).find((key) => key !== field && didYouMean(key, [field]) !== undefined);
  const hint =
    meant === undefined ? "" : `: '${meant.slice(0, MAX_SHOWN)}' is probably meant to be '${field}'`;
  return `the action '${action}' without '${field}'${hint}`;
}
