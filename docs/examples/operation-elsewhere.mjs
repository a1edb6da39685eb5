import { createHost } from "@synaps/host";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { fork, redirect, retry } from "@synaps/sdk/protocol";

const host = createHost({ folders: [], catalogs: [agentCatalog] });
await host.start();
host.subscribe("agent.before_tool_execution", ({ tool_name: tool, tool_input: input }) => {
  if (tool === "gpt") return redirect("small-gpt");
  if (tool === "fetch") return retry({ delay_ms: 10, max_attempts: 3, backoff: "exponential" });
  if (tool === "list" && input === "all") return fork(["a", "b", "c"]);
});

for (const [tool_name, tool_input] of [
  ["gpt", "hi"],
  ["fetch", "page"],
  ["list", "all"],
]) {
  const result = await host.intercept(
    { before: "agent.before_tool_execution" },
    { tool_name, tool_input, data: { component: { type: "tool", name: tool_name } } },
    (input, { target, attempt }) => {
      if (tool_name === "fetch" && attempt < 3) throw new Error("no answer yet");
      return `${target ?? tool_name} ${input}, run ${attempt}`;
    },
  );
  console.log("output" in result ? result.output : result.reason);
}
await host.stop();
