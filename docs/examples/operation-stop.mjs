import { createHost } from "@synaps/host";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { block, confirm, modify } from "@synaps/sdk/protocol";

const host = createHost({
  folders: [],
  catalogs: [agentCatalog],
  confirm: async ({ message }) => message === "Send it?",
});
await host.start();
host.subscribe("agent.before_tool_execution", ({ tool_name: tool, tool_input: input }) => {
  if (tool === "rm") return block("Nothing is removed here.");
  if (tool === "mail") return confirm("Send it?");
  if (tool === "bash") return modify({ .../** @type {object} */ (input), timeout_s: 10 });
});

for (const tool_name of ["rm", "mail", "bash"]) {
  const result = await host.intercept(
    { before: "agent.before_tool_execution" },
    { tool_name, tool_input: {}, data: { component: { type: "tool", name: tool_name } } },
    (input) => `ran with ${JSON.stringify(input)}`,
  );
  console.log(tool_name, "->", "output" in result ? result.output : result.reason);
}
await host.stop();
