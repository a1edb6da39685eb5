import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { CallFailure } from "../../delivery/results.js";
import { HostError } from "../../errors.js";
import { ask, type HostServices } from "../services.js";
import { answerOf, type Answer } from "./content.js";
import type { IndexedModel } from "./provider-index.js";
import type { CompletionRequest, StreamEvent } from "./provider-types.js";
import { StreamedContent } from "./streamed-content.js";
import type { Streams } from "./streams.js";

export interface TurnServices extends Pick<HostServices, "call" | "clock" | "limits"> {
  streams: Streams;
}

export interface TurnRequest {
  target: IndexedModel;
  request: CompletionRequest;
  messages: readonly JsonObject[];
  tools: readonly JsonValue[];
  signal: AbortSignal | undefined;
}

/** One question to a provider's process, answered as a whole. Throws a HostError when there is no answer. */
export async function completeOnce(turn: TurnRequest, services: TurnServices): Promise<Answer> {
  const { target, signal } = turn;
  const request = {
    method: "provider.complete",
    params: paramsOf(turn),
    deadlineMs: services.limits.providerCompleteMs,
    whole: true,
    signal,
  };
  const { ref } = target.model;
  return answerOf(ref, valueOf(ref, await ask(services, target.extension, request)), false);
}

/** The same, with events as they come. `malformed` counts events that were skipped. */
export async function streamOnce(
  turn: TurnRequest,
  sink: (event: StreamEvent) => void,
  services: TurnServices,
): Promise<Answer & { malformed: number }> {
  const { extension } = turn.target;
  const { clock, streams, limits } = services;
  const endMs = clock.now() + limits.providerStreamMs;
  const run = (): Promise<Answer & { malformed: number }> =>
    streamNow(turn, sink, Math.max(1, endMs - clock.now()), services);
  return extension.supports("progress") ? run() : streams.inTurn(extension, run);
}

async function streamNow(
  turn: TurnRequest,
  sink: (event: StreamEvent) => void,
  deadlineMs: number,
  services: TurnServices,
): Promise<Answer & { malformed: number }> {
  const { target, signal } = turn;
  const { extension, model } = target;
  const streamed = new StreamedContent();
  const stream = services.streams.open(extension, (event) => {
    streamed.add(event);
    sink(event);
  });
  let malformed = 0;
  try {
    const meta = extension.supports("progress") ? { meta: { stream_token: stream.token } } : {};
    const params = { ...paramsOf(turn), ...meta };
    const request = { method: "provider.stream", params, deadlineMs, whole: true, signal };
    const answer = answerOf(model.ref, valueOf(model.ref, await ask(services, extension, request)), true);
    malformed = stream.close();
    return { ...filledFrom(model.ref, answer, streamed), malformed };
  } finally {
    stream.close();
  }
}

/** A provider that streamed its content need not answer with the content again. */
function filledFrom(ref: string, answer: Answer, streamed: StreamedContent): Answer {
  const usage = answer.usage ?? streamed.usage;
  if (answer.content.length > 0) return { ...answer, usage };
  if (streamed.error !== undefined) throw failed(ref, streamed.error, {});
  if (!streamed.content) {
    throw new HostError("PROVIDER_MALFORMED", `The stream of '${ref}' was too long to be kept`, {
      hint: "A provider with answers of over 4 MiB must answer with the content itself.",
    });
  }
  return { ...answer, content: streamed.content, usage };
}

function paramsOf({ target, request, messages, tools }: TurnRequest): JsonObject {
  return {
    provider_id: target.info.provider,
    model_id: target.model.id,
    model: target.model.ref,
    messages: [...messages],
    system_prompt: request.systemPrompt ?? null,
    tools: [...tools],
    temperature: request.temperature ?? null,
    max_tokens: request.maxTokens ?? null,
    thinking_budget: request.thinkingBudget ?? 0,
  };
}

/** The value of an answer; throws a HostError for every other end. */
function valueOf(ref: string, end: { value: JsonValue } | CallFailure): JsonValue {
  if ("value" in end) return end.value;
  switch (end.status) {
    case "cancelled":
      throw cancelled(ref);
    case "failed": {
      const { code, message, data } = end.error ?? { code: undefined, message: end.reason };
      throw failed(ref, message, {
        ...(code === undefined ? {} : { code }),
        ...(data === undefined ? {} : { data }),
      });
    }
    default:
      throw new HostError("PROVIDER_UNAVAILABLE", `'${ref}' gave no answer: ${end.reason}`, {
        hint: "See the state of its extension: host.snapshot(), or synaps-ext status.",
        data: { reason: end.status === "timeout" ? "timeout" : end.cause },
      });
  }
}

export function cancelled(ref: string): HostError {
  return new HostError("PROVIDER_CANCELLED", `The request to '${ref}' was cancelled`);
}

/** Longest message of a provider that is passed on in an error, in UTF-16 units. */
const MAX_MESSAGE = 1_000;

function failed(ref: string, message: string, data: Record<string, unknown>): HostError {
  return new HostError("PROVIDER_FAILED", `'${ref}' failed: ${message.slice(0, MAX_MESSAGE)}`, { data });
}
