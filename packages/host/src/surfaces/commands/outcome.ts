import type { JsonValue } from "@synaps/sdk/protocol";
import type { CommandDeclaration } from "@synaps/sdk/manifest";
import type { CallFailure } from "../../delivery/results.js";
import type { DriverReading } from "../session-drivers/driver-action.js";
import type { ToolResult } from "../tools/tool-types.js";
import type { OutputCounts, OutputNotice } from "./output-budget.js";
import type { OutputEvent } from "./output-event.js";

/** The end of a command. A program that ended with an error has a result all the same. */
export type CommandEnd =
  { status: "done"; result: CommandResult } | (CallFailure & { result?: CommandResult });

/** The result of a command, by the shape that its manifest declares. */
export type CommandResult =
  | { shape: "shell"; exitCode: number | null; signal: string | null }
  /** `content` is the tool's output as text, `call` everything about the call, its votes included. */
  | { shape: "tool"; content: string; call: ToolResult }
  /** The program that uses the host loads the skill and sends the prompt. */
  | { shape: "skill"; skill: string; prompt: string; args: readonly string[] }
  /** `driver` is the checked proposal for the session, if the answer has one. */
  | { shape: "interactive"; value: JsonValue; driver: DriverReading };

/** Everything about one call of a command. */
export type CommandOutcome = CommandEnd & {
  command: string;
  extension: string;
  shape: CommandDeclaration["shape"];
  /** The kept output, oldest first. */
  output: readonly OutputEvent[];
  counts: OutputCounts;
  /** Set when not all output is there: show it to the user. */
  notice: OutputNotice | undefined;
  durationMs: number;
};
