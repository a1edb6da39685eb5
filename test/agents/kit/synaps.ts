import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { servicePlaces } from "@synaps/service";
import { CLI } from "../../helpers/paths.js";
import { PYTHON_FRAMES } from "../../helpers/python.js";
import { writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import type { Agent, Name } from "./agents.js";
import type { Place } from "./place.js";

export function baseOf({ home }: Place): string {
  return join(home, ".synaps-cli");
}

/** Runs `synaps-ext` as the user of the place, and returns its output. Throws when it fails. */
export function synapsExt({ env, project }: Place, ...words: readonly string[]): string {
  const run = spawnSync(process.execPath, [CLI, ...words], { cwd: project, env, encoding: "utf8" });
  if (run.status !== 0)
    throw new Error(`synaps-ext ${words.join(" ")} ended with ${run.status}: ${run.stderr}`);
  return run.stdout;
}

/** An extension in nothing but Python, for what the other two do not do: it changes an input and adds context. */
const PYTHON = `${PYTHON_FRAMES}
import time
def handle(event):
    kind = event["kind"]
    if kind == "before_message":
        return {"action": "inject", "content": "CONTEXT-FROM-PYTHON"}
    command = (event["tool_input"] or {}).get("command", "")
    if "case-slow" in command:
        open(ASKED, "w").close()
        time.sleep(60)
    if "case-before" in command:
        return {"action": "modify", "input": {**event["tool_input"], "command": command.replace("case-before", "case-changed")}}
    return {"action": "continue"}
while True:
    message = read()
    method = message.get("method")
    if method == "initialize":
        result = {"protocol_version": message["params"]["extension_protocol_version"], "capabilities": {}}
    elif method == "hook.handle":
        result = handle(message["params"])
    else:
        result = None
    if "id" in message: write({"id": message["id"], "result": result})
    if method == "shutdown": break
`;

/** File that the Python extension makes when it is asked something that it takes a minute for. */
export function askedFile({ home }: Place): string {
  return join(home, "python-was-asked");
}

/** Installs shell-guard and secret-redactor as they are, and the extension in Python. */
export function installExtensions(place: Place): void {
  const hooks = [
    { id: "change", hook: "before_tool_call", phase: "rewrite", tools: ["bash"] },
    { id: "context", hook: "before_message" },
  ];
  const python = writeExtension(
    place.top,
    "python-helper",
    {
      protocol_version: 3,
      runtime: "process",
      command: "python3",
      args: ["main.py"],
      permissions: ["tools.intercept", "privacy.llm_content"],
      hooks,
    },
    { "main.py": PYTHON.replace("ASKED", JSON.stringify(askedFile(place))) },
  );
  for (const source of ["shell-guard", "secret-redactor", python])
    synapsExt(place, "install", source, "--yes");
}

export function wire(agent: Agent, place: Place, ...flags: readonly string[]): void {
  synapsExt(place, "agents", "wire", agent.name, ...flags);
}

/** Process id of the service of a place, if one runs. */
export function servicePid(place: Place): number | undefined {
  const { pidFile } = servicePlaces(baseOf(place));
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : Number.NaN;
  return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined;
}

/** Ends the service of a place, if one runs, and waits until it is gone. */
export async function endService(place: Place, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  const pid = servicePid(place);
  if (pid === undefined) return;
  process.kill(pid, signal);
  await until("the service is gone", () => !isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that waits for its parent to take note of its end is gone.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES";
  }
}

/** An answer to a hook, in the words of the agent. */
export interface HookReply {
  readonly status: number;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Asks the service as the hook script does. */
export async function askService(
  place: Place,
  agent: Name,
  event: string,
  payload: object,
): Promise<HookReply> {
  const { socket } = servicePlaces(baseOf(place));
  const path = `/v1/hooks/${agent}?event=${event}&form=sh`;
  const body = await new Promise<{ status: number; said: string }>((resolve, reject) => {
    const asked = request({ socketPath: socket, method: "POST", path }, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode ?? 0, said }), reject);
    });
    asked.once("error", reject);
    asked.end(JSON.stringify(payload));
  });
  const [head = "", ...lines] = body.said.split("\n");
  const [exitCode = Number.NaN, count = 0] = head.split(" ").map(Number);
  return {
    status: body.status,
    exitCode,
    stderr: lines.slice(0, count).join("\n"),
    stdout: lines.slice(count).join("\n"),
  };
}

/** Lines of the audit that carry the name of an agent. */
export function auditOf(place: Place, agent: Agent): { event: string; metadata: any }[] {
  const said = synapsExt(
    place,
    "audit",
    "query",
    "--label",
    `agent=${agent.name}`,
    "--limit",
    "1000",
    "--json",
  );
  return JSON.parse(said).records;
}
