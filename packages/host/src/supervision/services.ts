import type { QuarantineRecord } from "../loading/records/quarantine-store.js";
import type { Generation, GenerationEvents, GenerationServices } from "./generation.js";
import type { ExtensionState } from "./states.js";

/** Parts of the host that the supervision of a process needs. */
export interface SupervisorServices extends GenerationServices, GenerationEvents {
  random: () => number;
  /** Note of the last host that ran this extension. */
  quarantine: QuarantineRecord | undefined;
  /** Notes a quarantine, or that it is over. */
  noteQuarantine(record: QuarantineRecord | undefined): void;
}

export interface SupervisorEvents {
  onMove(from: ExtensionState, to: ExtensionState): void;
  /** A process shook hands. */
  onLive(generation: Generation): void;
  /** A live process ended, by itself or because it was taken down. Called after the move to the next state. */
  onExited(byItself: boolean): void;
  /** Describes the work of the process in words. */
  doing(): string;
}
