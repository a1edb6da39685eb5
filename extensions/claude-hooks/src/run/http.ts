import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { HttpRun } from "../config/handler.js";
import { BoundedText } from "./bounded-text.js";
import { MAX_STDOUT_BYTES, type Circumstances, type Run } from "./command.js";
import { fillPlaces } from "./places.js";

/**
 * Asks a web address. Follows no redirect. Only a body that begins like a JSON object counts; any status but 2xx, and any
 * other text, is a failure or no word at all, as the format has it. Never rejects; no text repeats a header.
 */
export function ask(hook: HttpRun, how: Circumstances): Promise<Run> {
  return new Promise((resolve) => {
    const late = AbortSignal.timeout(how.timeoutMs);
    const failed = (error: NodeJS.ErrnoException): void => {
      const why = late.aborted
        ? `timed out after ${how.timeoutMs / 1_000} s`
        : (error.code ?? "it was given up");
      resolve({ failure: why });
    };
    try {
      const url = new URL(hook.url);
      const body = Buffer.from(how.input);
      const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
        method: "POST",
        agent: false,
        signal: AbortSignal.any([how.signal, late]),
        headers: {
          ...headersOf(hook, how),
          "content-type": "application/json",
          "content-length": body.length,
        },
      });
      request.once("error", failed);
      request.once("response", (answer) => read(answer, resolve, failed));
      request.end(body);
    } catch (error) {
      // A header that is none; its text must not be repeated.
      failed({
        code: (error as NodeJS.ErrnoException).code ?? "the request could not be made",
      } as NodeJS.ErrnoException);
    }
  });
}

function read(answer: IncomingMessage, resolve: (run: Run) => void, failed: (error: Error) => void): void {
  const status = answer.statusCode ?? 0;
  const text = new BoundedText(MAX_STDOUT_BYTES);
  answer.on("data", (part: Buffer) => text.add(part));
  answer.once("error", failed);
  answer.once("end", () => {
    if (status < 200 || status > 299) resolve({ failure: `it answered with status ${status}` });
    else if (text.isCut) resolve({ failure: "it answered with more than 1 MiB" });
    else resolve({ code: 0, stdout: onlyJson(text.toString()), stderr: "" });
  });
}

/** Plain text of a web address is no context, other than that of a program. */
function onlyJson(text: string): string {
  return text.trimStart().startsWith("{") ? text : "";
}

/** `$NAME` and `${NAME}` stand for variables that the hook is allowed; any other is empty. */
function headersOf(hook: HttpRun, { env, places }: Circumstances): Record<string, string> {
  const fill = (text: string): string =>
    fillPlaces(text, places).replace(/\$(?:\{(\w+)\}|(\w+))/g, (_whole, braced?: string, plain?: string) => {
      const name = braced ?? plain ?? "";
      return hook.allowedEnvVars.includes(name) ? (env[name] ?? "") : "";
    });
  return Object.fromEntries(
    Object.entries(hook.headers).map(([name, value]) => [name.toLowerCase(), fill(value)]),
  );
}
