import { defineExtension, inject, serve } from "@synaps/sdk";

serve(
  defineExtension({
    config: { tone: { type: "string" } },
    onConfigChange: ({ key }, { config, log }) => log(`${key} changed: ${config.tone}`),
    hooks: {
      before_message: (_event, { config }) => inject(`Answer in a ${config.tone} tone.`),
    },
  }),
);
