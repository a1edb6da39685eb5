import { createHost } from "@synaps/host";

const host = createHost({
  folders: ["./extensions"],
  audit: { folder: "./audit", chain: true },
});
await host.start();

for (const command of ["ls", "rm -rf /"])
  await host.intercept(
    { before: "before_tool_call", after: "after_tool_call" },
    { tool_name: "bash", tool_input: { command }, session_id: "s-1" },
    () => "done",
  );
await host.stop();
