// An MCP server with one tool. With "low-level" it skips the schema of the tool's input, the SDK's fastest way.
import { Server } from "../../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/server/index.js";
import { McpServer } from "../../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/server/mcp.js";
import { StdioServerTransport } from "../../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/server/stdio.js";
import { CallToolRequestSchema } from "../../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/types.js";
import { z } from "../../peers/node_modules/zod/index.js";

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
