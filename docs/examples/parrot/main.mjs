import "@synaps/sdk/guard";
import { defineExtension, serve } from "@synaps/sdk";

const lastText = ({ messages }) => messages.at(-1).content;

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
          if (typeof heard === "string" && request.tools.length > 0) {
            yield { type: "text", text: `${heard}! ` };
            yield { type: "tool_use", id: "t-1", name: request.tools[0].name, input: {} };
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
