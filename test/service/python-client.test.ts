import { execFile, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { servicePlaces } from "@synaps/service";
import { describe, expect, onTestFinished, test } from "vitest";
import { CLI, EXTENSIONS, repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";
import { until } from "../helpers/wait.js";

const CLIENT = repo("packages/service/clients/python/synaps_service.py");
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const run = promisify(execFile);

const OFFERS = `import { READY, serve } from ${JSON.stringify(repo("test/fixtures/fixture-kit.mjs"))};
const tools = [{ name: "say", description: "Says a word", input_schema: { type: "object" } }];
serve({
  initialize: () => ({ ...READY, protocol_version: 3, capabilities: { tools } }),
  hook: () => ({ action: "continue" }),
  other: ({ input, args }) => (args === undefined ? "said " + input.word : { args }),
});
`;

/** True for a process that is gone, or that only its new parent has not looked at. */
function hasEnded(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() === "" || stdout.startsWith("Z");
}

/** A base folder with shell-guard, and an extension that offers a tool and a command. */
function baseFolder(base = tempDir()): string {
  cpSync(join(EXTENSIONS, "shell-guard"), join(base, "plugins", "shell-guard"), { recursive: true });
  const offers = join(base, "plugins", "offers");
  const permissions = ["tools.register", "session.drive"];
  const extension = {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    args: ["main.mjs"],
    permissions,
  };
  const commands = [{ name: "repeat", interactive: true }];
  mkdirSync(join(offers, ".synaps-plugin"), { recursive: true });
  writeFileSync(
    join(offers, ".synaps-plugin", "plugin.json"),
    JSON.stringify({ name: "offers", version: "1.0.0", description: "Offers", commands, extension }),
  );
  writeFileSync(join(offers, "main.mjs"), OFFERS);
  const places = servicePlaces(base);
  onTestFinished(async () => {
    const pid = Number(readFileSync(places.pidFile, "utf8"));
    process.kill(pid);
    await until("the service has ended", () => hasEnded(pid));
  });
  return base;
}

/** Runs lines of Python in which \`service\` is a client, and returns what they gave to \`tell\`. */
async function python(base: string, lines: string): Promise<unknown[]> {
  const start = `(${JSON.stringify(process.execPath)}, ${JSON.stringify(CLI)})`;
  const program = `import json, sys, threading
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(dirname(CLIENT))})
from synaps_service import Service, ServiceError
def tell(value): print(json.dumps(value), flush=True)
def error_of(call, *args):
    try: call(*args)
    except ServiceError as error: return [error.code, str(error), error.hint]
service = Service(base_dir=${JSON.stringify(base)}, cwd=${JSON.stringify(base)}, agent="mine", start=${start})
${lines}`;
  const { stdout } = await run("python3", ["-c", program]);
  return stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

describe.skipIf(!hasPython)("the Python client (needs python3)", () => {
  test("has at most 60 lines and imports nothing but the standard library", () => {
    const text = readFileSync(CLIENT, "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    const names = [...text.matchAll(/^\s*(?:import|from) (.+)$/gm)].flatMap(([, list = ""]) =>
      list.split(", "),
    );
    expect(names).toEqual(["hashlib", "http.client", "json", "os", "pwd", "socket", "subprocess"]);
  });

  test("starts the service and asks it everything", async () => {
    const base = baseFolder();
    const call = `{"tool_name": "bash", "tool_input": {"command": "ls"}, "session_id": "s"}`;
    const around = `{"before": "before_tool_call", "after": "after_tool_call"}`;
    const answers = await python(
      base,
      `heard = service.outcomes()
tell(service.emit({"kind": "before_tool_call", "tool_name": "bash", "tool_input": {"command": "rm -rf ${base}"}}))
tell(next(heard))
step = service.before(${around}, ${call})
tell(step)
tell(service.after(step["ticket"], "four"))
tell([next(heard)["kind"] for _ in range(2)])
failed = service.before(${around}, ${call})
tell(service.after(failed["ticket"], error="it failed"))
refused = {**${call}, "tool_input": {"command": "rm -rf ${base}"}}
tell(service.before(${around}, refused))
question = service.before(${around}, {**${call}, "tool_input": {"command": "sudo make install"}})
tell(question)
tell(service.confirm(question["ticket"], True)["run"])
tell([tool["name"] for tool in service.tools()])
tell(service.call_tool("offers:say", {"word": "yes"}))
tell([command["name"] for command in service.commands()])
tell(service.invoke("repeat", "a", "b"))
tell(error_of(service.after, step["ticket"], "again"))
tell(error_of(service.emit, {"kind": "no_such_kind"}))
many = [threading.Thread(target=service.status) for _ in range(8)]
for one in many: one.start()
for one in many: one.join()
tell(service.status()["operations"])`,
    );
    expect(answers).toEqual([
      // The guard knows the project from the folder of whoever asks.
      expect.objectContaining({
        action: "block",
        by: "shell-guard",
        reason: expect.stringContaining("is the project itself") as unknown,
      }),
      expect.objectContaining({ agent: "mine", cwd: base, action: "block", tool_name: "bash" }),
      { run: true, ticket: expect.any(String) as unknown, input: { command: "ls" }, attempt: 1 },
      {
        run: false,
        done: true,
        result: expect.objectContaining({ ran: true, output: "four", isError: false }) as unknown,
      },
      ["before_tool_call", "after_tool_call"],
      {
        run: false,
        done: true,
        result: expect.objectContaining({ ran: true, output: "it failed", isError: true }) as unknown,
      },
      {
        run: false,
        done: true,
        result: expect.objectContaining({ ran: false, by: "shell-guard" }) as unknown,
      },
      expect.objectContaining({
        run: false,
        confirm: expect.objectContaining({ extension: "shell-guard" }) as unknown,
      }),
      true,
      ["offers:say"],
      expect.objectContaining({ content: "said yes" }),
      ["repeat"],
      expect.objectContaining({ command: "repeat", extension: "offers", status: "done" }),
      ["SERVICE_INVALID", expect.stringMatching(/^Nobody waits for the ticket/), expect.any(String)],
      ["EVENT_UNKNOWN_KIND", expect.any(String), expect.anything()],
      1,
    ]);
  });

  test("finds the place that a long base folder has, and trusts no other user's", async () => {
    const base = baseFolder(join(tempDir(), "a".repeat(100)));
    const [path, pid] = await python(base, "tell(service.path)\ntell(service.status()['pid'])");
    const places = servicePlaces(base);
    expect(path).toBe(places.socket);
    expect(`${String(pid)}\n`).toBe(readFileSync(places.pidFile, "utf8"));
    const [stranger, missing] = await python(
      base,
      `import os
os.getuid = lambda: os.stat(service.folder).st_uid + 1
tell(error_of(service.status))
service.start, service.path = ["false"], "/nowhere/serve.sock"
tell(error_of(service.status))`,
    );
    expect(stranger).toEqual(["SERVICE_UNAVAILABLE", expect.stringContaining("is another user's"), null]);
    expect(missing).toEqual(["SERVICE_UNAVAILABLE", expect.stringContaining("'false'"), null]);
  });
});
