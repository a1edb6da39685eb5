import type { HostError } from "../errors.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import type { Logger } from "../logger.js";
import { lineOf } from "../text-bounds.js";
import type { ChildProcess } from "../transport/process/child.js";
import { exitDiagnosis, faultyLine, spawnError, startClue } from "../transport/process/diagnose.js";
import { silence } from "../transport/process/silence.js";
import type { Connection } from "../transport/rpc/connection.js";
import { MISTAKES } from "../transport/rpc/mistakes.js";
import type { Reply } from "../transport/rpc/reply.js";
import { mistakeIn, type Heard, type HeardMistake } from "./heard.js";
import { handshakeError } from "./start-errors.js";

/** Of an extension's own error, in a message. */
const MAX_ERROR_BYTES = 1_024;

export interface StartParts {
  extension: LoadedExtension;
  child: ChildProcess;
  connection: Pick<Connection, "open">;
  heard: Heard;
  logger: Logger;
}

/** Finds the cause of a start that failed, in what the process wrote, how it ended, and what its files say. */
export class StartDiagnosis {
  readonly #parts: StartParts;

  constructor(parts: StartParts) {
    this.#parts = parts;
  }

  /** The mistake in what arrived, or in what has begun to arrive. */
  get mistake(): HeardMistake | undefined {
    const { heard, connection } = this.#parts;
    const { open } = connection;
    return heard.mistake ?? (open && mistakeIn(open));
  }

  /** Says early what is likely: a host waits shorter for all of its extensions than for one handshake. */
  tellSilence(ms: number): void {
    const { logger, extension, child } = this.#parts;
    const { id } = extension;
    const { mistake } = this;
    const { hint, evidence } = mistake ?? silence(child.request);
    const seconds = `${Math.floor(ms / 1_000)} s`;
    const heard = mistake ? inWords(mistake) : "nothing came from it";
    const message = `Extension '${id}' did not shake hands yet: initialize was not answered for ${seconds}; ${heard}`;
    logger.warn(message, { extension: id, hint, evidence });
  }

  /** `fault`: the host's reason, when the host ended the process. */
  gone(fault: string | undefined): HostError {
    const { extension, child } = this.#parts;
    const { exit } = child;
    const { setup } = extension.section;
    if (exit?.error) {
      const named = `"command": ${JSON.stringify(extension.section.command)}`;
      const evidence = exit.error.code === "EACCES" ? named : (faultyLine(child.request) ?? named);
      return spawnError(extension.id, child.request, exit, setup ?? undefined, evidence);
    }
    const how = fault ?? exitDiagnosis(child, "starting");
    const { mistake } = this;
    const clue = fault === undefined ? startClue(child) : undefined;
    const parts = [clue?.why, mistake && inWords(mistake), how].filter((part) => part !== undefined);
    const more = mistake?.kind === "text" ? { ...mistake, ...clue } : { ...clue, ...mistake };
    return this.#error("SPAWN_EXITED_EARLY", parts.join("; "), more);
  }

  noise(): HostError {
    return this.#error("HANDSHAKE_NOISE", MISTAKES.much_text.why, this.mistake);
  }

  refused({ code, message }: Extract<Reply, { type: "error" }>): HostError {
    const why = `it answered initialize with error ${code}: ${lineOf(message, MAX_ERROR_BYTES)}`;
    return this.#error("HANDSHAKE_REFUSED", why);
  }

  malformed(): HostError {
    const { mistake } = this;
    const why = mistake ? inWords(mistake) : "its answer cannot be read";
    return this.#error("HANDSHAKE_MALFORMED", why, mistake);
  }

  /** `late`: an answer came while the process was being stopped. */
  timeout(ms: number, late: boolean): HostError {
    const why = `initialize was not answered within ${ms} ms`;
    const likely = silence(this.#parts.child.request);
    if (late) {
      return this.#error("HANDSHAKE_TIMEOUT", `${why}; its answer came only while it was being stopped`, {
        ...likely,
        hint: `${FLUSH} If it was only slow, answer initialize first.`,
      });
    }
    const { mistake } = this;
    if (!mistake) return this.#error("HANDSHAKE_TIMEOUT", `${why}, and nothing came from it`, likely);
    // Printed text alone keeps nobody from answering: the usual reasons are as likely.
    const hint = mistake.kind === "text" ? `${mistake.hint} ${likely.hint}` : mistake.hint;
    return this.#error("HANDSHAKE_TIMEOUT", `${why}; ${inWords(mistake)}`, { ...mistake, hint });
  }

  #error(
    code: Parameters<typeof handshakeError>[1],
    why: string,
    more: { hint?: string | undefined; evidence?: string } = {},
  ): HostError {
    return handshakeError(this.#parts.extension.id, code, why, more);
  }
}

const FLUSH =
  "Flush standard output after each message: sys.stdout.buffer.flush() in Python, or start it with python3 -u.";

function inWords({ why, evidence }: HeardMistake): string {
  return evidence === undefined ? why : `${why}: ${evidence}`;
}
