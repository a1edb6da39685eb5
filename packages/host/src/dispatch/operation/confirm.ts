import { messageOf } from "../../errors.js";
import type { ConfirmPrompt } from "../../options.js";
import { lineOf } from "../../text-bounds.js";
import { onAbort, unlessAborted } from "../../time/abort.js";
import { LATE, limited } from "../../time/limited.js";
import type { InterceptServices } from "./types.js";

/** Returns the reason why the operation may not run; undefined after a yes. A prompt that throws has not said yes. */
export async function askUser(
  prompt: ConfirmPrompt,
  request: Omit<Parameters<ConfirmPrompt>[0], "signal">,
  {
    stopping,
    signal,
    clock,
    confirmMs,
  }: Pick<InterceptServices, "stopping" | "signal" | "clock" | "confirmMs">,
): Promise<string | undefined> {
  const over = new AbortController();
  const forget = [stopping, signal].map((one) => onAbort(one, () => over.abort(one?.reason)));
  try {
    const answer = Promise.resolve(prompt({ ...request, signal: over.signal })).then((said) => said === true);
    const ended = unlessAborted<boolean | "given up">(over.signal, answer, () => "given up");
    const said = await limited(clock, confirmMs, ended);
    if (said === LATE) return `nobody answered the confirmation within ${confirmMs} ms`;
    if (said === "given up") return "the host was stopped before the confirmation was given";
    return said ? undefined : "confirmation denied";
  } catch (error) {
    return `the confirmation prompt failed (${lineOf(messageOf(error), MAX_PROMPT_ERROR_BYTES)})`;
  } finally {
    for (const stop of forget) stop();
    // The prompt is closed, whoever gave the answer.
    over.abort();
  }
}

const MAX_PROMPT_ERROR_BYTES = 200;
