import type { JsonValue } from "@synaps/sdk/protocol";
import type { HostConfigProblem, Origin } from "./host-config.js";

/** A value that one layer sets. */
export interface Setting {
  /** The names of the file: `["hooks", "of", "shell-guard", "enabled"]`. */
  readonly path: readonly string[];
  readonly value: JsonValue;
  readonly origin: Origin;
}

/** The settings of one layer by the text of their key, and what is wrong with the rest. */
export interface Layer {
  readonly settings: Map<string, Setting>;
  readonly problems: HostConfigProblem[];
}
