import "@synaps/sdk/guard"; // first: from here on, printing cannot disturb the protocol
import { confirm, defineHook, serve } from "@synaps/sdk";

serve(
  defineHook("before_tool_call", (event) => {
    if (/git push .*--force/.test(event.tool_input.command))
      return confirm("This rewrites the remote branch.");
  }),
);
