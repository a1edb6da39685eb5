import type { Activity } from "../time/activity.js";
import type { Inbound } from "./inbound.js";
import type { QuarantineRecord } from "../loading/records/quarantine-store.js";
import type { Extension } from "./extension.js";
import type { Generation, GenerationServices } from "./generation.js";
import type { ExtensionState } from "./states.js";
import type { Work } from "./work.js";

/** Parts of the host that an extension needs. */
export interface ExtensionServices extends Omit<
  GenerationServices,
  "onLateReply" | "onBytes" | "onStderrLine" | "onRequest" | "onNotification" | "onAnswered"
> {
  /** Answers the extension's requests and takes its notifications. */
  inbound: Inbound;
  /** Keeps the program alive while work is pending. */
  activity: Activity;
  random: () => number;
  quarantine: QuarantineRecord | undefined;
  noteQuarantine(record: QuarantineRecord | undefined): void;
  /** Makes what takes requests to the extension. */
  attach(extension: Extension): Work;
  /** Starts one that waited for its first use, and deals with its failing. */
  startLate(extension: Extension): void;
  /** Told after each move. */
  onState(extension: Extension, from: ExtensionState, to: ExtensionState): void;
}

/** Parts of the host that the supervision of a process needs. */
export interface SupervisorServices extends GenerationServices {
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
