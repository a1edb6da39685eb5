import "@synaps/sdk/guard";
import { defineExtension, serve } from "@synaps/sdk";

/**
 * Text, or the results of the tools that were asked for.
 * @param {import("@synaps/sdk").ProviderRequest} request
 * @returns {any}
 */
const lastText = ({ messages }) => messages.at(-1)?.content;

serve(
  defineExtension({
    providers: {
      bird: {
        displayName: "Parrot",
        description: "Says again what it hears, and asks the clock once.",
        models: { grey: { displayName: "Grey parrot", streaming: true, toolUse: true } },
        complete: (request) => ({ content: [{ type: "text", text: lastText(request) }] }),
        async *stream(request) {
          yield { type: "thinking", text: "What was that?" };
          const heard = lastText(request);
          const [tool] = request.tools;
          if (typeof heard === "string" && tool) {
            yield { type: "text", text: `${heard}! ` };
            yield { type: "tool_use", id: "t-1", name: tool.name, input: {} };
            return;
          }
          const words = typeof heard === "string" ? heard : `It is ${heard[0].content}!`;
          for (const word of words.split(" ")) yield { type: "text", text: `${word} ` };
          yield { type: "usage", output_tokens: words.length };
        },
      },
    },
  }),
);
