import { createHost } from "@synaps/host";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { cached, replace, skip, store } from "@synaps/sdk/protocol";

const host = createHost({ folders: [], catalogs: [agentCatalog] });
await host.start();
host.subscribe("agent.before_tool_execution", ({ tool_name: tool }) => {
  if (tool === "ads") return skip("Nobody wants them.");
  if (tool === "clock") return cached("12:00");
  if (tool === "weather") return store({ ttl_ms: 60_000 });
});
host.subscribe("agent.after_tool_execution", ({ tool_output: output }) =>
  replace((output ?? "").replace("secret", "[removed]")),
);

let runs = 0;
for (const tool_name of ["ads", "clock", "weather", "weather"]) {
  const result = await host.intercept(
    { before: "agent.before_tool_execution", after: "agent.after_tool_execution" },
    { tool_name, tool_input: { city: "Oslo" }, data: { component: { type: "tool", name: tool_name } } },
    () => `run ${(runs += 1)}, secret`,
  );
  console.log(tool_name, "->", result.ran, "output" in result ? result.output : result.reason);
}
console.log("hits:", host.snapshot().cache.hits);
await host.stop();
