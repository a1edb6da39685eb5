// An MCP server with one tool. With "low-level" it skips the schema of the tool's input, the SDK's fastest way.
import { EventEmitter } from "node:events";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

// The SDK waits for room once for each message under way; the warnings of Node about that would cost it time.
EventEmitter.defaultMaxListeners = 0;

const info = { name: "bench", version: "1.0.0" };
const answer = { content: [{ type: "text", text: '{"action":"continue"}' }] };
const keys = ["kind", "tool_name", "tool_runtime_name", "tool_input", "tool_output"];
const more = ["message", "session_id", "transcript", "data"];

let server;
if (process.argv[2] === "low-level") {
  server = new Server(info, { capabilities: { tools: {} } });
  server.setRequestHandler(CallToolRequestSchema, () => answer);
} else {
  server = new McpServer(info);
  const inputSchema = Object.fromEntries([...keys, ...more].map((key) => [key, z.any()]));
  server.registerTool("hook", { description: "Answers a hook", inputSchema }, () => answer);
}
await server.connect(new StdioServerTransport());
process.stdin.on("end", () => process.exit(0));
