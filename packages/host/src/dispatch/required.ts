import type { RequiredField } from "@synaps/sdk/protocol";
import type { Names, ReadEvent } from "../delivery/event-input.js";
import { HostError } from "../errors.js";

/** True for an event that has all fields that its kind requires; its names were read before. */
export function hasRequired(
  fields: readonly RequiredField[],
  event: Partial<Record<RequiredField, unknown>>,
  names: Pick<Names, "tool_name">,
): boolean {
  for (const field of fields) {
    const value = field === "tool_name" ? names.tool_name : event[field];
    if (value === undefined || (value === null && field !== "tool_output")) return false;
  }
  return true;
}

/** Throws a HostError when an event lacks a field that its kind requires: no guard could judge the event. */
export function checkRequired(fields: readonly RequiredField[], read: ReadEvent): void {
  for (const field of fields) {
    if (read.envelope[field] !== null || (field === "tool_output" && read.hasOutput)) continue;
    const { kind } = read.envelope;
    throw new HostError("EVENT_INVALID", `The event is wrong: '${kind}' needs '${field}'`, {
      hint: `Fields that each '${kind}' has: ${fields.join(", ")}.`,
    });
  }
}
