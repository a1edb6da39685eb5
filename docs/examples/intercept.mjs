import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createHost } from "@synaps/host";

const host = createHost({
  folders: ["./extensions"],
  // Asked when an extension wants a confirmation. Without it, such a call is blocked.
  confirm: async ({ extension, message }) => {
    console.error(`${extension} asks: ${message}`);
    return false;
  },
});
await host.start();

const result = await host.intercept(
  { before: "before_tool_call", after: "after_tool_call" },
  { tool_name: "bash", tool_input: { command: "echo hello" }, session_id: "s-1" },
  // Called only when nobody objects, and with the input that everybody has seen.
  async (input) => {
    const { command } = /** @type {{ command: string }} */ (input);
    return (await promisify(execFile)("bash", ["-c", command])).stdout;
  },
);
console.log(result.ran ? result.output : `not run: ${result.reason}`);

await host.stop();
