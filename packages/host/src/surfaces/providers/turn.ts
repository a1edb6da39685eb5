import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { Clock } from "../../time/clock.js";
import { HostError } from "../../errors.js";
import type { CallResult } from "../../supervision/work.js";
import { answerOf, type Answer } from "./content.js";
import type { IndexedModel } from "./provider-index.js";
import type { CompletionRequest, StreamEvent } from "./provider-types.js";
import { StreamedContent } from "./streamed-content.js";
import type { Streams } from "./streams.js";

export interface TurnServices {
  clock: Clock;
  streams: Streams;
  completeMs: number;
  streamMs: number;
}

export interface TurnRequest {
  target: IndexedModel;
  request: CompletionRequest;
  messages: readonly JsonObject[];
  tools: readonly JsonValue[];
  signal: AbortSignal | undefined;
}

/** One question to a provider's process, answered as a whole. Throws a HostError when there is no answer. */
export async function completeOnce(turn: TurnRequest, { completeMs }: TurnServices): Promise<Answer> {
  const { target, signal } = turn;
  const method = "provider.complete";
  const call = target.extension.call({
    method,
    params: paramsOf(turn),
    deadlineMs: completeMs,
    whole: true,
    signal,
  });
  return answerOf(target.model.ref, resultOf(target.model.ref, await unlessAborted(call, signal)), false);
}

/** The same, with its events as they come. `malformed` counts those that made no sense. */
export async function streamOnce(
  turn: TurnRequest,
  sink: (event: StreamEvent) => void,
  services: TurnServices,
): Promise<Answer & { malformed: number }> {
  const { extension } = turn.target;
  const { clock, streams, streamMs } = services;
  const endMs = clock.now() + streamMs;
  const run = (): Promise<Answer & { malformed: number }> =>
    streamNow(turn, sink, Math.max(1, endMs - clock.now()), streams);
  return extension.supports("progress") ? run() : streams.inTurn(extension, run);
}

async function streamNow(
  turn: TurnRequest,
  sink: (event: StreamEvent) => void,
  deadlineMs: number,
  streams: Streams,
): Promise<Answer & { malformed: number }> {
  const { target, signal } = turn;
  const { extension, model } = target;
  const streamed = new StreamedContent();
  const stream = streams.open(extension, (event) => {
    streamed.add(event);
    sink(event);
  });
  let malformed = 0;
  try {
    const meta = extension.supports("progress") ? { meta: { stream_token: stream.token } } : {};
    const params = { ...paramsOf(turn), ...meta };
    const call = extension.call({ method: "provider.stream", params, deadlineMs, whole: true, signal });
    const result = resultOf(model.ref, await unlessAborted(call, signal));
    const answer = answerOf(model.ref, result, true);
    malformed = stream.close();
    return { ...filledFrom(model.ref, answer, streamed), malformed };
  } finally {
    stream.close();
  }
}

/** A provider that streamed everything need not answer with it again. */
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
    thinking_budget: request.thinkingBudget ?? null,
  };
}

/** The answer; throws a HostError for every other end. */
function resultOf(ref: string, result: CallResult): unknown {
  switch (result.type) {
    case "cancelled":
      throw new HostError("PROVIDER_CANCELLED", `The request to '${ref}' was cancelled`);
    case "none": {
      const { reason, detail } = result;
      const why = detail === undefined ? reason : `${reason}: ${detail}`;
      throw new HostError("PROVIDER_UNAVAILABLE", `'${ref}' gave no answer (${why})`, {
        hint: "See how its extension is: host.snapshot(), or synaps-ext status.",
        data: { reason },
      });
    }
    case "reply": {
      const { reply } = result;
      if (reply.type === "result") return reply.result;
      const { code, message, data } = reply;
      throw failed(ref, message, { code, ...(data === undefined ? {} : { data }) });
    }
  }
}

/** Longest message of a provider that is passed on in an error. */
const MAX_MESSAGE = 1_000;

function failed(ref: string, message: string, data: Record<string, unknown>): HostError {
  return new HostError("PROVIDER_FAILED", `'${ref}' failed: ${message.slice(0, MAX_MESSAGE)}`, { data });
}

/** Settles as cancelled the moment the signal aborts; what is under way ends behind it. */
function unlessAborted(call: Promise<CallResult>, signal: AbortSignal | undefined): Promise<CallResult> {
  if (!signal) return call;
  return new Promise((resolve) => {
    const cancel = (): void => resolve({ type: "cancelled", queueMs: 0, runMs: 0 });
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    void call.then(resolve).finally(() => signal.removeEventListener("abort", cancel));
  });
}
