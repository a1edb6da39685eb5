import { isJsonObject, type HookEvent } from "@synaps/sdk/protocol";
import type { Names } from "./matcher.js";

/** Names of tools of other agents, by the name that hook configurations use. */
const NAMES_OF: Readonly<Record<string, string>> = {
  Bash: "bash shell sh run_shell_command exec_command local_shell execute_command container.exec terminal powershell",
  Read: "read read_file view view_file read_many_files open_file",
  Write: "write write_file create create_file write_to_file fs_write",
  Edit: "edit edit_file replace apply_patch str_replace str_replace_editor search_replace replace_in_file multi_edit",
  NotebookEdit: "notebook_edit notebookedit edit_notebook",
  Glob: "glob find find_files file_search list_files",
  Grep: "grep grep_search search_file_content search_files ripgrep",
  LS: "ls list_directory list_dir",
  WebFetch: "webfetch web_fetch fetch fetch_url",
  WebSearch: "websearch web_search google_web_search search_web",
  Task: "task agent spawn_agent new_task delegate_to_agent",
  TodoWrite: "todowrite write_todos update_plan todo_write todo",
  AskUserQuestion: "ask_user ask_user_question ask_followup_question request_user_input",
};

const CLAUDE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES_OF).flatMap(([claude, names]) =>
    [claude.toLowerCase(), ...names.split(" ")].map((name) => [name, claude] as const),
  ),
);

/** The names of the tool of an event: `claude` as hooks read it, and all that matchers and rules know it by. */
export interface ToolNames extends Names {
  readonly claude: string;
}

/** The names of a tool in this format and in the agent's. A tool that stands in no table keeps the agent's own name. */
export function toolNames(event: HookEvent): ToolNames {
  const name = event.tool_name ?? "";
  const own = event.tool_runtime_name ?? name;
  const server = serverTool(event, own);
  const claude = server ?? CLAUDE_NAMES.get(own.toLowerCase()) ?? CLAUDE_NAMES.get(name.toLowerCase()) ?? own;
  // The tool was renamed; configurations have both names.
  const known = claude === "Task" ? ["Task", "Agent"] : [claude];
  // The common name of this host is no agent's: a list with it means nothing here, as it does in the format's own agent.
  const others = own === claude || own === "bash" ? [] : [own];
  return { claude, known, others };
}

/** `mcp__server__tool`, from each of the ways in which agents name a tool of a server. */
function serverTool(event: HookEvent, own: string): string | undefined {
  if (own.startsWith("mcp__")) return own;
  const context = isJsonObject(event.data) ? event.data["mcp_context"] : undefined;
  if (!isJsonObject(context)) return undefined;
  const { server_name: server, tool_name: tool } = context;
  return typeof server === "string" && typeof tool === "string" ? `mcp__${server}__${tool}` : undefined;
}
