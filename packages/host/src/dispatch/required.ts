import type { RequiredField } from "@synaps/sdk/protocol";
import type { ReadEvent } from "../delivery/event-input.js";
import { HostError } from "../errors.js";

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
