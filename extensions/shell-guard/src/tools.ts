import { fits } from "./patterns.js";
import { keptByName } from "./remembered.js";

/** The parts of a tool's name between its stars, in small letters. */
export type ToolPattern = readonly string[];

/** How the input of a tool is read: as a command, as text typed into a running program, as code, as a patch, or by clear keys. */
export type ToolKind = "shell" | "typed" | "code" | "patch" | "other";

const split = (names: string): ToolPattern[] => names.split(" ").map((name) => name.split("*"));

/** Tools of agents and of MCP servers that run a shell. */
const SHELLS = split(
  "bash sh zsh shell exec terminal local_shell powershell execute execute_bash execute_command execute_shell exec_command container.exec run_bash run_command run_shell run_shell_command run_in_terminal run_terminal_cmd run_terminal_command shell_command shell_exec command *bash *_shell *_sh shell_* *__shell *execute_command* *exec_command* *run_command* *run_shell* *run_terminal* *terminal_run* *execute_shell* *shell_exec* *run_in_terminal* *ssh_exec* *command_line* *commandline* *__exec *__run *__execute *__terminal *start_process*",
);
/** Tools that type into a program which runs already. */
const TYPING = split(
  "*write_stdin* *send_stdin* *_stdin *send_keys* *sendkeys* *send_input* *send_to_terminal* *write_to_terminal* *terminal_input* *terminal_write* *write_to_process* *interact_with_process* *send_command* *terminal_send* *pty_write*",
);
const CODE = split(
  "python *execute_code* *run_code* *run_python* *execute_python* *python_repl* *code_interpreter* *run_javascript* *jupyter* notebook_execute*",
);
const PATCH = split("apply_patch *__apply_patch applypatch apply_diff");

/** Names of tools in the configuration, and characters of one of them. */
const MAX_TOOLS = 100;
const MAX_NAME = 200;

/** Reads names of tools, separated by `;`, commas or spaces; `*` stands for any characters. */
export function parseTools(text: string | undefined, wrong: (problem: string) => void): ToolPattern[] {
  const names = (text ?? "").split(/[\s,;]+/).filter((name) => name !== "");
  if (names.length > MAX_TOOLS) wrong(`only the first ${MAX_TOOLS} names count`);
  return names.slice(0, MAX_TOOLS).flatMap((name) => {
    if (name.length <= MAX_NAME) return [name.toLowerCase().split(/\*+/)];
    wrong(`the name '${name.slice(0, 40)}' is left out: it is longer than ${MAX_NAME} characters`);
    return [];
  });
}

/** How to read the input of a tool, by its common name and the one that its agent gives it. */
export function toolKind(
  names: readonly (string | null | undefined)[],
  further: readonly ToolPattern[],
): ToolKind {
  const given = names
    .filter((name) => typeof name === "string")
    .map((name) => name.toLowerCase().slice(0, 500));
  const kinds = given.flatMap(kindsOf);
  const isFurther = given.some((name) => isOne(further, name));
  return ORDER.find((kind) => kinds.includes(kind) || (kind === "shell" && isFurther)) ?? "other";
}

const isOne = (patterns: readonly ToolPattern[], name: string): boolean =>
  patterns.some((parts) => fits(parts, name));

const KINDS = { patch: PATCH, typed: TYPING, shell: SHELLS, code: CODE };
/** The kind that counts first where a name fits several. */
const ORDER = ["patch", "typed", "shell", "code"] as const;

/** The kinds of a tool that its name fits. */
const kindsOf = keptByName((name) => ORDER.filter((kind) => isOne(KINDS[kind], name)));
