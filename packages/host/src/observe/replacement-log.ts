import { join } from "node:path";
import type { Vote } from "../dispatch/votes.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import { LineLog } from "../loading/records/line-log.js";
import type { Settings } from "../settings.js";

/**
 * Notes in `<base>/extensions/intercept.jsonl` which extension put something in place of which tool's output, and how
 * long both were: with it one can tell later what a model did not see. Never what they said.
 */
export class ReplacementLog {
  readonly #log: LineLog;
  readonly #settings: Pick<Settings, "clock" | "logger" | "baseDir">;

  constructor(settings: Pick<Settings, "clock" | "logger" | "baseDir">) {
    this.#settings = settings;
    this.#log = new LineLog(join(settings.baseDir, "extensions", "intercept.jsonl"), settings.logger);
  }

  add({ kind, envelope, fullOutput }: OutgoingEvent, votes: readonly Vote[]): void {
    const timestamp = new Date(this.#settings.clock.wallMs()).toISOString();
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
      // The next one saw what this one put there.
      observed = replacement;
    }
  }

  /** Resolves when everything so far is written. */
  settled(): Promise<void> {
    return this.#log.settled();
  }
}
