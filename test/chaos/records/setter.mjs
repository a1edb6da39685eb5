// An extension that sets the key of each event in its own configuration before it answers.
import { defineExtension, serve } from "../../../packages/sdk/dist/index.js";

serve(
  defineExtension({
    hooks: {
      async before_tool_call({ tool_input }, { configuration }) {
        const { key, value } = /** @type {{ key: string, value: string }} */ (tool_input);
        await configuration.set(key, value);
      },
    },
  }),
);
