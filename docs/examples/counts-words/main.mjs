import "@synaps/sdk/guard";
import { defineExtension, serve } from "@synaps/sdk";

serve(
  defineExtension({
    tools: {
      count: {
        description: "Counts the words of a text.",
        input_schema: {
          type: "object",
          properties: { text: { type: "string" } },
          required: ["text"],
          additionalProperties: false,
        },
        idempotent: true,
        /** @param {{ text: string }} input as `input_schema` has it: the host checks each input against it */
        run({ text }, { progress, signal }) {
          const paragraphs = text.split("\n\n");
          let words = 0;
          for (const [index, paragraph] of paragraphs.entries()) {
            if (signal.aborted) break;
            words += paragraph.split(/\s+/).filter(Boolean).length;
            progress({ message: "counting", current: index + 1, total: paragraphs.length });
          }
          return { content: `${words} words`, words };
        },
      },
    },
  }),
);
