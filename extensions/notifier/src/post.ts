import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { Answer } from "./outbox.js";

/** Where messages go, and how. */
export interface Target {
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly timeoutMs: number;
}

/** Ends of a try before its answer: `late` after the time for it, `ended` when the notifier stops. */
export interface Ends {
  readonly late: AbortSignal;
  readonly ended: AbortSignal;
}

const MAX_RETRY_AFTER_MS = 5 * 60_000;

/**
 * Sends one message and looks at the status of the answer. Reads no body, follows no redirect, and ends with the
 * signals. Never rejects; no text of an answer holds the address or anything of it.
 */
export function post(target: Target, body: string, id: string, { late, ended }: Ends): Promise<Answer> {
  const { url, authorization, timeoutMs } = target;
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const why = late.aborted
        ? `no answer within ${timeoutMs / 1_000} s`
        : (error.code ?? "the connection failed");
      resolve({ type: "retry", why, waitMs: 0 });
    };
    try {
      const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
        method: "POST",
        agent: false,
        signal: AbortSignal.any([ended, late]),
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "synaps-notifier",
          "idempotency-key": id,
          ...(authorization === undefined ? {} : { authorization }),
        },
      });
      request.on("error", failed);
      request.on("response", (response) => {
        resolve(answerOf(response));
        // The status says all: an answer without an end would hold the connection.
        response.on("error", () => {});
        response.destroy();
      });
      request.end(body);
    } catch (error) {
      failed(error as NodeJS.ErrnoException);
    }
  });
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): Answer {
  if (statusCode >= 200 && statusCode < 300) return { type: "delivered" };
  const why = `it answered ${statusCode}`;
  if (statusCode >= 300 && statusCode < 400)
    return { type: "refused", why: `${why}, and redirects are not followed` };
  const isPassing = statusCode === 408 || statusCode === 429 || statusCode >= 500;
  if (!isPassing) return { type: "refused", why };
  return { type: "retry", why, waitMs: retryAfterMs(headers["retry-after"]) };
}

/** Seconds or a date. Bounded: an address must not switch the notifier off for a day. */
function retryAfterMs(text: string | undefined): number {
  if (text === undefined) return 0;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
