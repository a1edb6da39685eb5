import { isDeepStrictEqual } from "node:util";
import { globMatches, type JsonValue } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Filter, Subscription } from "./subscription.js";
import { holds } from "./where.js";

/** A tool's input as JSON: the text that `input_contains` looks into, and the value that `input_equals` compares. */
export interface FilteredInput {
  readonly input: JsonValue;
  readonly inputText: string;
}

/** The input of an event that was not made yet, from its JSON. */
export class InputText implements FilteredInput {
  readonly inputText: string;
  #input: JsonValue | undefined;

  constructor(inputText: string) {
    this.inputText = inputText;
  }

  get input(): JsonValue {
    this.#input ??= JSON.parse(this.inputText) as JsonValue;
    return this.#input;
  }
}

/** True if the tool filter lets these names pass. */
export function namedBy({ tool, tools }: Filter, name: string | null, runtimeName: string | null): boolean {
  if (tool === undefined && tools === undefined) return true;
  if (tool !== undefined && (tool === name || tool === runtimeName)) return true;
  return tools !== undefined && tools.some((pattern) => names(pattern, name) || names(pattern, runtimeName));
}

/** True if there are conditions on the input. */
export function looksAtInput({ inputContains, inputEquals }: Filter): boolean {
  return inputContains !== undefined || inputEquals !== undefined;
}

/** True if the conditions on the input hold. Decides without any IPC. */
export function acceptsInput({ inputContains, inputEquals }: Filter, event: FilteredInput): boolean {
  if (inputContains !== undefined && !event.inputText.includes(inputContains)) return false;
  return inputEquals === undefined || isDeepStrictEqual(inputEquals.value, event.input);
}

/** True if the event concerns the subscription: all conditions hold, and the program's own as well. */
export function accepts(
  { filter, where, condition }: Pick<Subscription, "filter" | "where" | "condition">,
  event: OutgoingEvent,
): boolean {
  if (!acceptsInput(filter, event)) return false;
  if (where !== undefined && !where.every((one) => holds(one, event))) return false;
  return condition === undefined || condition.matches(event);
}

function names(pattern: string, name: string | null): boolean {
  return name !== null && globMatches(pattern, name);
}
