/** The common name of each tool that several agents have, with the names that agents give it. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  bash: [
    "bash",
    "exec",
    "exec_command",
    "execute",
    "execute_bash",
    "execute_command",
    "execute_shell",
    "local_shell",
    "container.exec",
    "powershell",
    "run_bash",
    "run_command",
    "run_in_terminal",
    "run_shell",
    "run_shell_command",
    "run_terminal_cmd",
    "run_terminal_command",
    "sh",
    "shell",
    "shell_command",
    "shell_exec",
    "terminal",
    "zsh",
  ],
  read_file: ["read_file", "read", "view", "cat_file"],
  write_file: ["write_file", "write", "create", "create_file"],
  edit_file: ["edit_file", "edit", "multiedit", "replace", "str_replace", "strreplace"],
  list_directory: ["list_directory", "list_dir", "ls"],
  grep: ["grep", "grep_search", "search_file_content"],
  glob: ["glob", "glob_search"],
  web_fetch: ["web_fetch", "webfetch"],
  web_search: ["web_search", "websearch", "google_web_search"],
};

const COMMON: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([common, names]) => names.map((name) => [name, common])),
);

/**
 * The name that extensions know a tool by, whatever the agent calls it: `bash` for each tool that runs a shell. A name that
 * is not known, such as that of a tool of an MCP server, stays as it is. Capital letters make no difference.
 */
export function commonToolName(name: string): string {
  return COMMON.get(name.toLowerCase()) ?? name;
}
