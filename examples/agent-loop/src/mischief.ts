import type { ExtensionSnapshot, Host, InterceptResult } from "@synaps/host";

/** `freeze`: it hangs while it is asked. `kill`: it dies while it is asked. */
export type Trick = "freeze" | "kill";

/** Windows cannot stop a process for a while. */
const CAN_FREEZE = process.platform !== "win32";

/** Treats one extension badly while an event is on its way to it, with real signals. */
export class Mischief {
  readonly #host: Host;
  readonly #victim: string;
  #frozen: number | undefined;

  constructor(host: Host, victim: string) {
    this.#host = host;
    this.#victim = victim;
  }

  /** Call it right before the event is raised. */
  play(trick: Trick): void {
    const pid = this.#snapshot()?.pid;
    if (pid === undefined) return;
    // A frozen process cannot answer before the kill, so the event is still with it when it dies.
    if (CAN_FREEZE) this.#freeze(pid);
    if (trick === "kill") setImmediate(() => this.#kill(pid));
  }

  /** Lets a frozen process go on. Safe to call at any time. */
  end(): void {
    if (this.#frozen !== undefined) send(this.#frozen, "SIGCONT");
    this.#frozen = undefined;
  }

  /** What came of it, from the facts: the vote, and what the host knows about the process. */
  tell(trick: Trick, { before }: InterceptResult): string {
    const name = this.#victim;
    if (trick === "freeze" && !CAN_FREEZE)
      return `${name} was left alone: this system cannot freeze a process.`;
    const vote = before.votes.find(({ extension }) => extension === name);
    if (!vote || vote.status === "not_reached") return `${name} was not asked, so nothing happened to it.`;
    const { restartCount = 0, reason } = this.#snapshot() ?? {};
    const became =
      vote.status === "abstained"
        ? `It abstained (${vote.reason}), and the call went on without it.`
        : `It was asked again after restart ${restartCount} and answered '${vote.verdict.action}'.`;
    if (trick === "freeze") return `${name} was frozen (SIGSTOP) while it was asked. ${became}`;
    return `${name} was killed while it was asked: ${reason ?? "it is not running"}. ${became}`;
  }

  #freeze(pid: number): void {
    if (send(pid, "SIGSTOP")) this.#frozen = pid;
  }

  #kill(pid: number): void {
    send(pid, "SIGKILL");
    this.#frozen = undefined;
  }

  #snapshot(): ExtensionSnapshot | undefined {
    return this.#host.snapshot().extensions.find(({ id }) => id === this.#victim)?.process;
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It is gone already.
    return false;
  }
}
