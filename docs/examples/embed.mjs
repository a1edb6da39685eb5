import { createHost } from "@synaps/host";

const host = createHost({ folders: ["./extensions"] });
await host.start();

const outcome = await host.emit({
  kind: "before_tool_call",
  tool_name: "bash",
  tool_input: { command: "rm -rf /" },
});
console.log(outcome.action, outcome.votes);

await host.stop();
