import type { EventInput } from "../delivery/event-input.js";
import { HostError, messageOf } from "../errors.js";

const FIELDS: Readonly<Record<Exclude<keyof EventInput, "kind">, true>> = {
  tool_name: true,
  tool_runtime_name: true,
  tool_input: true,
  tool_output: true,
  message: true,
  session_id: true,
  transcript: true,
  data: true,
  correlation_id: true,
  tool_call_id: true,
  is_error: true,
};
const NAMES = Object.keys(FIELDS);

/**
 * An event's fields, each read once by its name: also those that a class computes or inherits, which a spread would drop,
 * so that a guard's tool filter would look at another name. Nothing that the program does later reaches the copy.
 */
export function copyOfEvent(event: unknown, kind: string): Record<string, unknown> {
  if (typeof event !== "object" || event === null || Array.isArray(event))
    throw wrong("an event is an object");
  try {
    const given = event as Readonly<Record<string, unknown>>;
    return Object.fromEntries([...NAMES.map((name) => [name, given[name]] as const), ["kind", kind]]);
  } catch (error) {
    throw wrong(`it cannot be read: ${messageOf(error)}`);
  }
}

function wrong(why: string): HostError {
  return new HostError("EVENT_INVALID", `The event is wrong: ${why}`, {
    hint: "Pass { tool_name, tool_input, ... } with the types of EventInput.",
  });
}
