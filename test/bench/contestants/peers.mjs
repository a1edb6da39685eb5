import { fork, spawn } from "node:child_process";
import { child, peer } from "../lib/places.mjs";
import { envelopeOf } from "../lib/payload.mjs";

/** vscode-jsonrpc as it comes, on both sides. */
export async function startVscode() {
  const { default: rpc } = await import(peer("vscode-jsonrpc/node.js"));
  const process_ = spawn(process.execPath, [child("vscode.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = rpc.createMessageConnection(
    new rpc.StreamMessageReader(process_.stdout),
    new rpc.StreamMessageWriter(process_.stdin),
  );
  connection.listen();
  return {
    name: "vscode-jsonrpc",
    prepare: envelopeOf,
    call: (params) => connection.sendRequest("hook.handle", params),
    stop() {
      connection.dispose();
      process_.stdin.end();
    },
  };
}

/** The official MCP SDK: a tool call over stdio. `lowLevel` leaves the check of the tool's input out. */
export async function startMcp({ lowLevel = false } = {}) {
  const at = "@modelcontextprotocol/sdk/dist/esm/client";
  const [{ Client }, { StdioClientTransport }] = await Promise.all([
    import(peer(`${at}/index.js`)),
    import(peer(`${at}/stdio.js`)),
  ]);
  const client = new Client({ name: "bench", version: "1.0.0" });
  const args = [child("mcp.mjs"), ...(lowLevel ? ["low-level"] : [])];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  return {
    name: lowLevel ? "MCP SDK, low level" : "MCP SDK",
    prepare: (event) => ({ name: "hook", arguments: envelopeOf(event) }),
    call: (params) => client.callTool(params),
    stop: () => client.close(),
  };
}

/** Node's own message channel. */
export function startFork() {
  const process_ = fork(child("fork.mjs"));
  const waiting = new Map();
  let last = 0;
  process_.on("message", ({ id, result }) => {
    waiting.get(id)(result);
    waiting.delete(id);
  });
  return {
    name: "fork IPC",
    prepare: envelopeOf,
    call: (event) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        process_.send({ id: last, event });
      }),
    stop: () => process_.disconnect(),
  };
}

/** One process for each event, the way command hooks work. */
export function startSpawned(name, command, script) {
  return {
    name,
    prepare: (event) => JSON.stringify(envelopeOf(event)),
    call: (text) =>
      new Promise((resolve, reject) => {
        const hook = spawn(command, [child(script)], { stdio: ["pipe", "pipe", "inherit"] });
        let answer = "";
        hook.stdout.on("data", (chunk) => (answer += chunk));
        hook.once("error", reject);
        hook.once("close", () => resolve(JSON.parse(answer)));
        hook.stdin.end(text);
      }),
    stop() {},
  };
}

export const spawned = () => [
  startSpawned("spawned node", process.execPath, "hook.mjs"),
  startSpawned("spawned python3", "python3", "hook.py"),
  startSpawned("spawned sh", "sh", "hook.sh"),
];
