import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { systemClock } from "@synaps/host";
import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";

/** Time for Codex to start its server and to list the hooks that it has read. */
const ANSWER_MS = 15_000;
const LIST = 2;

/** The word of Codex on one of its hooks. */
export interface CodexTrust {
  /** True if Codex runs the hook. */
  readonly runs: boolean;
  readonly detail: string;
}

/**
 * Asks Codex itself whether it runs the hook with this command line: its app server lists all hooks with their trust. Changes
 * nothing and answers no prompt. Resolves to what it said, or why nobody knows.
 */
export async function codexTrust(
  program: string,
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<CodexTrust> {
  const listed = await hooksOf(program, cwd, env);
  if (typeof listed === "string") return { runs: false, detail: listed };
  const ours = listed.find((hook) => hook["command"] === command);
  if (ours === undefined) return { runs: false, detail: "Codex does not list the hook" };
  const { enabled, trustStatus } = ours;
  if (enabled === false)
    return { runs: false, detail: "the hook is switched off in Codex: start codex and type /hooks" };
  const isTrusted = trustStatus === "trusted" || trustStatus === "managed";
  return isTrusted
    ? { runs: true, detail: `Codex says: ${trustStatus}` }
    : {
        runs: false,
        detail: `Codex says: ${String(trustStatus)}, so it leaves the hook out without a word. Start codex, type /hooks, and trust it`,
      };
}

type ListedHook = Readonly<Record<string, JsonValue | undefined>>;

/** The hooks that Codex lists for a folder, or the reason why there is no list. */
function hooksOf(
  program: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ListedHook[] | string> {
  return new Promise((resolve) => {
    const server = spawn(program, ["app-server"], {
      cwd,
      env: { ...env },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const end = (result: readonly ListedHook[] | string): void => {
      timer.cancel();
      server.kill("SIGKILL");
      resolve(result);
    };
    const timer = systemClock.after(ANSWER_MS, () => end("Codex did not list its hooks in time"));
    server.once("error", (error) => end(`Codex could not be started: ${error.message}`));
    server.once("exit", () => end("Codex ended before it listed its hooks"));
    server.stdin.on("error", () => {}); // It may end before it has read everything.
    createInterface({ input: server.stdout }).on("line", (line) => {
      const found = listIn(line);
      if (found !== undefined) end(found);
    });
    const say = (message: object): void =>
      void server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    say({ id: 1, method: "initialize", params: { clientInfo: { name: "synaps-ext", version: "0.1.0" } } });
    say({ method: "initialized" });
    say({ id: LIST, method: "hooks/list", params: { cwds: [cwd] } });
  });
}

function listIn(line: string): readonly ListedHook[] | string | undefined {
  let message: JsonValue;
  try {
    message = JSON.parse(line) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(message) || message["id"] !== LIST) return undefined;
  const { result } = message;
  const data = isJsonObject(result) ? result["data"] : undefined;
  const first = Array.isArray(data) ? data[0] : undefined;
  const hooks = isJsonObject(first) ? first["hooks"] : undefined;
  return Array.isArray(hooks) ? hooks.filter(isJsonObject) : "this Codex does not list its hooks";
}
