// @ts-nocheck: the packages are installed beside this file, and only for the benchmark.
import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import rpc from "vscode-jsonrpc/node";
import { CHILD_ENV } from "../lib/places.mjs";
import { envelopeOf } from "../lib/payload.mjs";

// The SDK waits for room once for each message under way; the warnings of Node about that would cost it time.
EventEmitter.defaultMaxListeners = 0;

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** vscode-jsonrpc as it comes, on both sides. */
export function startVscode() {
  const process_ = spawn(process.execPath, [here("vscode-child.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: CHILD_ENV,
  });
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
  const client = new Client({ name: "bench", version: "1.0.0" });
  const args = [here("mcp-child.mjs"), ...(lowLevel ? ["low-level"] : [])];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env: CHILD_ENV }));
  return {
    name: lowLevel ? "MCP SDK, low level" : "MCP SDK",
    prepare: (event) => ({ name: "hook", arguments: envelopeOf(event) }),
    call: (params) => client.callTool(params),
    stop: () => client.close(),
  };
}

export const startPeers = async () => [startVscode(), await startMcp(), await startMcp({ lowLevel: true })];
