import { join } from "node:path";
import type { JsonObject } from "@synaps/sdk/protocol";
import type { Vote } from "../observe/vote.js";
import type { Clock } from "../time/clock.js";
import type { ReplacedEvent } from "./recorder.js";

/** The part of a log of lines that is needed here. */
export interface Lines {
  append(line: JsonObject): void;
  /** Resolves when everything so far is written. */
  settled(): Promise<void>;
}

/** Path of the log under the base folder. */
export const REPLACEMENT_LOG = join("extensions", "intercept.jsonl");

/**
 * Notes in `<base>/extensions/intercept.jsonl` which extension replaced the output of which tool, and the length of both
 * texts: the log tells later that a model did not see an output. The log never holds a text.
 */
export class ReplacementLog {
  readonly #log: Lines;
  readonly #clock: Clock;

  constructor(log: Lines, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  add({ kind, envelope, fullOutput }: ReplacedEvent, votes: readonly Vote[]): void {
    const timestamp = new Date(this.#clock.wallMs()).toISOString();
    let observed = fullOutput?.length ?? 0;
    for (const vote of votes) {
      if (vote.status !== "voted" || vote.verdict.action !== "replace" || vote.ignored !== undefined)
        continue;
      const replacement = vote.verdict.output.length;
      this.#log.append({
        timestamp,
        plugin_id: vote.extension,
        hook: kind,
        ...(envelope.tool_name === null ? {} : { tool_name: envelope.tool_name }),
        action: "replace",
        observed_len: observed,
        replacement_len: replacement,
      });
      // The next extension saw the replacement.
      observed = replacement;
    }
  }

  /** Resolves when everything so far is written. */
  settled(): Promise<void> {
    return this.#log.settled();
  }
}
