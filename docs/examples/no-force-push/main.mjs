import "@synaps/sdk/guard"; // first: from here on, printing cannot disturb the protocol
import { confirm, defineHook, serve } from "@synaps/sdk";

serve(
  defineHook(
    "before_tool_call",
    ({ tool_input }) => {
      if (/git push .*--force/.test(tool_input.command)) return confirm("This rewrites the remote branch.");
    },
    { inputs: { bash: { command: "string" } } },
  ),
);
