import type { ExtensionStatus } from "@synaps/host";
import type { AgentCounts } from "./hooks.js";

/** The service as it tells of itself: no payload, configuration or secret. */
export interface ServiceStatus {
  readonly pid: number;
  /** Version of this package. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly started_at: number;
  readonly base_dir: string;
  /** Milliseconds without use after which it ends. */
  readonly idle_ms: number;
  /** Address of the HTTP listener; null without one. */
  readonly http: string | null;
  /** Running hosts: one for all projects without extensions of their own, and one for each other. */
  readonly projects: readonly {
    readonly folder: string | null;
    readonly extensions: readonly ExtensionStatus[];
  }[];
  /** Sessions of agents that are remembered. */
  readonly sessions: number;
  /** Operations that are open between their two steps. */
  readonly operations: number;
  /** Figures by agent since the start. */
  readonly agents: Readonly<Record<string, AgentCounts>>;
  /** Events that arrived a second time and were answered from memory. */
  readonly repeats: number;
}
