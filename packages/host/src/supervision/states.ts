/** The state of an extension with a valid manifest. */
export type ExtensionState =
  "loaded" | "starting" | "running" | "degraded" | "restarting" | "failed" | "quarantined" | "stopped";

/** Every legal move. `degraded` is running again after at least one restart. */
export const MOVES: Readonly<Record<ExtensionState, readonly ExtensionState[]>> = {
  loaded: ["starting", "quarantined", "stopped"],
  starting: ["running", "degraded", "failed", "quarantined", "stopped"],
  running: ["restarting", "quarantined", "stopped"],
  degraded: ["restarting", "quarantined", "stopped"],
  restarting: ["degraded", "failed", "quarantined", "stopped"],
  failed: ["starting", "stopped"],
  quarantined: ["starting", "stopped"],
  stopped: [],
};

/** True if events can be handed to the extension now. */
export function isLive(state: ExtensionState): boolean {
  return state === "running" || state === "degraded";
}

/** True if the extension may become live without anybody's help. */
export function isComing(state: ExtensionState): boolean {
  return state === "loaded" || state === "starting" || state === "restarting";
}

export class StateMachine {
  #state: ExtensionState = "loaded";
  readonly #onMove: (from: ExtensionState, to: ExtensionState) => void;

  constructor(onMove: (from: ExtensionState, to: ExtensionState) => void) {
    this.#onMove = onMove;
  }

  get state(): ExtensionState {
    return this.#state;
  }

  /** Makes a legal move. An illegal one is a defect of the host and throws. */
  move(to: ExtensionState): void {
    const from = this.#state;
    if (!MOVES[from].includes(to)) throw new Error(`illegal move of an extension from ${from} to ${to}`);
    this.#state = to;
    this.#onMove(from, to);
  }
}
