import { createHost } from "@synaps/host";
import { proceed, timed } from "@synaps/sdk/protocol";

const host = createHost({ folders: ["./extensions"] });
await host.start();

const limit = 1_000;
await host.use({
  id: "input-limit",
  metadata: { version: "1.0.0", tags: ["security"], priority: "highest" },
  events: ["before_tool_call"],
  shouldExecute: (event) => event.tool_name !== "read_file",
  on(event, context) {
    const { length } = JSON.stringify(event.tool_input);
    context.annotate("input_length", length);
    if (length <= limit) return;
    context.publish("input.refused", { tool: event.tool_name, length });
    return { action: "cancel", reason: `${length} characters, at most ${limit}` };
  },
});

await host.use({
  id: "watch",
  events: [
    {
      kind: "before_tool_call",
      filter: { tools: ["bash*"] },
      handler: timed(
        (_event, context) => {
          console.log("length so far:", context.annotations["input_length"]);
          return proceed();
        },
        { warnMs: 100, onSlow: ({ ms }) => console.error(`slow: ${ms} ms`) },
      ),
    },
  ],
  onUnregister: () => console.log("watch is closed"),
});

host.events.subscribe("input.*", ({ topic, from }) => console.log(topic, "by", from));

/** @param {string} command */
const bash = (command) => host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: { command } });
console.log((await bash("ls")).action);
console.log((await bash("x".repeat(2_000))).action);
console.log(host.hooks.names({ tag: "security" }), host.events.query({ topic: "input.**" }).length);

host.hooks.disable("input-limit");
console.log((await bash("x".repeat(2_000))).action);

await host.stop();
