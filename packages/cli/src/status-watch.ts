import { EXIT } from "./exit-codes.js";
import { askHosts, noHost, type Found } from "./hosts.js";
import type { Io } from "./io.js";
import { pause } from "./pause.js";
import { Screen } from "./screen.js";
import { foundText, statusJson, type StatusFlags } from "./status-output.js";
import { StopSignals } from "./stop-signals.js";
import { jsonLine } from "./text.js";

const LOOK_MS = 1_000;

/** Looks each second until the hosts ended or the user has seen enough. Throws when there is no host to begin with. */
export async function watchStatus(io: Io, flags: StatusFlags): Promise<number> {
  const first = await askHosts(flags);
  if (first.hosts.length === 0) throw await noHost(flags, first);
  const signals = new StopSignals(io.stderr, { slow: false });
  const ending = AbortSignal.any([signals.asked, io.stdout.gone]);
  const view =
    io.stdout.isTerminal && io.env["TERM"] !== "dumb" && !flags.json
      ? new Repainted(io)
      : new Appended(io, flags);
  try {
    let found = first;
    while (found.hosts.length + found.mute.length > 0) {
      await view.show(found);
      await pause(LOOK_MS, ending);
      if (ending.aborted) return signals.exitCode ?? EXIT.ok;
      found = await askHosts(flags);
    }
  } finally {
    await view.end();
    signals.release();
  }
  if (!flags.json) await io.stderr.write("No host runs any more.\n");
  return EXIT.ok;
}

interface View {
  show(found: Found): Promise<void>;
  end(): Promise<void>;
}

/** For eyes: always the same place. */
class Repainted implements View {
  readonly #io: Io;
  readonly #screen: Screen;
  #last = "";

  constructor(io: Io) {
    this.#io = io;
    this.#screen = new Screen(io.stdout);
  }

  async show(found: Found): Promise<void> {
    const { stdout } = this.#io;
    this.#last = foundText(found, Date.now(), stdout);
    // On top: it must not be what does not fit.
    await this.#screen.draw(`${stdout.paint("dim", "Looks each second; Ctrl-C ends.")}\n${this.#last}`);
  }

  /** What was seen last stays. */
  async end(): Promise<void> {
    await this.#screen.leave();
    await this.#io.stdout.write(this.#last);
  }
}

/** For files and programs: one more when something changed; that time goes by is no change. */
class Appended implements View {
  readonly #io: Io;
  readonly #json: boolean;
  #last: string | undefined;

  constructor(io: Io, { json = false }: StatusFlags) {
    this.#io = io;
    this.#json = json;
  }

  async show(found: Found): Promise<void> {
    const { stdout } = this.#io;
    const json = jsonLine(statusJson(found));
    if (json === this.#last) return;
    const gap = this.#last === undefined || this.#json ? "" : "\n";
    this.#last = json;
    await stdout.write(this.#json ? json : `${gap}${foundText(found, Date.now(), stdout)}`);
  }

  async end(): Promise<void> {}
}
