import type { AbstentionReason, JsonValue } from "@synaps/sdk/protocol";
import type { CommandDeclaration } from "@synaps/sdk/manifest";
import type { OutputCounts, OutputNotice } from "./output-budget.js";
import type { OutputEvent } from "./output-event.js";

/** How running a command ended. */
export type CommandEnd =
  | { status: "done"; result: CommandResult }
  /** The extension answered with an error, or the program ended with one. */
  | { status: "failed"; reason: string; result?: CommandResult }
  | { status: "timeout"; reason: string }
  | { status: "cancelled"; reason: string }
  /** The extension could not be asked, or fell while it was. */
  | { status: "unavailable"; reason: string; cause: AbstentionReason };

export type CommandResult =
  | { shape: "shell"; exitCode: number | null; signal: string | null }
  | { shape: "tool"; content: string; value: JsonValue }
  /** Loading the skill and sending the prompt is the program's part. */
  | { shape: "skill"; skill: string; prompt: string; args: readonly string[] }
  | { shape: "interactive"; value: JsonValue };

/** Everything about one call of a command. */
export type CommandOutcome = CommandEnd & {
  command: string;
  extension: string;
  shape: CommandDeclaration["shape"];
  /** What was kept of its output, oldest first. */
  output: readonly OutputEvent[];
  counts: OutputCounts;
  /** Set when not all output is there: show it to the user. */
  notice: OutputNotice | undefined;
  durationMs: number;
};
