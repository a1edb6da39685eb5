import type { JsonValue } from "@synaps/sdk/protocol";
import type { Extras } from "../../delivery/event-input.js";
import { OutgoingEvent } from "../../delivery/outgoing-event.js";
import type { Outcome } from "../outcome.js";
import { payloadOf } from "../payload.js";
import type { Attempt } from "./attempt.js";
import type { Setup } from "./types.js";

/** Asks the kind after the operation about one run: the event that ran, its input as text, and its output. */
export async function askAfter(
  event: OutgoingEvent,
  inputText: string,
  { output, isError }: Attempt,
  { after, field, services }: Setup,
): Promise<{ passedOn: string | null; outcome: Outcome | undefined }> {
  if (after === undefined) return { passedOn: output, outcome: undefined };
  const { kind, spec } = after;
  const input = JSON.parse(inputText) as JsonValue;
  const envelope = { ...event.whole, kind, tool_output: null, [field]: input, [outputField(spec)]: output };
  const result = { envelope, extras: { ...NO_EXTRAS, ...event.extras, is_error: isError } };
  const sent = OutgoingEvent.own(result, services.clock.wallMs(), payloadOf(spec)?.conceal);
  const outcome = await services.emit(sent, services.policy, undefined);
  return { passedOn: outcome.action === "replace" ? outcome.output : output, outcome };
}

/** The member that is the output of an operation: the one that the kind after it lets extensions replace. */
export function outputField({ replaces }: Pick<Setup["spec"], "replaces">): keyof OutgoingEvent["envelope"] {
  return replaces ?? "tool_output";
}

const NO_EXTRAS: Extras = { correlation_id: undefined, tool_call_id: undefined, is_error: undefined };
