// One small tool on the SDK.
import { defineExtension, serve } from "../../../../packages/sdk/dist/index.js";

serve(
  defineExtension({
    tools: {
      echo: {
        description: "Returns its text.",
        input_schema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
        run: (/** @type {any} */ { text }) => text,
      },
    },
  }),
);
