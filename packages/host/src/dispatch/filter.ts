import { isDeepStrictEqual } from "node:util";
import type { OutgoingEvent } from "../event/outgoing-event.js";
import type { Filter } from "./subscription.js";

/** Why a filter skips an event, or undefined when the event matches. Decides without any IPC. */
export function skippedBy(filter: Filter, event: OutgoingEvent): keyof Filter | undefined {
  const { tools, inputContains, inputEquals } = filter;
  if (tools) {
    const { tool_name, tool_runtime_name } = event.envelope;
    if (!tools.some((pattern) => names(pattern, tool_name) || names(pattern, tool_runtime_name)))
      return "tools";
  }
  if (inputContains !== undefined && !event.inputText.includes(inputContains)) return "inputContains";
  if (inputEquals && !isDeepStrictEqual(inputEquals.value, event.envelope.tool_input)) return "inputEquals";
  return undefined;
}

function names(pattern: string, name: string | null): boolean {
  if (name === null) return false;
  return pattern === name || (isGlob(pattern) && globMatches(pattern, name));
}

function isGlob(pattern: string): boolean {
  return pattern.includes("*") || pattern.includes("?");
}

/** `*` stands for any run of characters, `?` for one. Linear in name and pattern, whatever the pattern. */
export function globMatches(pattern: string, name: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let n = 0; n < name.length;) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p;
      resume = n;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[n])) {
      p += 1;
      n += 1;
    } else if (star !== -1) {
      p = star + 1;
      resume += 1;
      n = resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}
