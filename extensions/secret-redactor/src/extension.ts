import { defineExtension, type Extension } from "@synaps/sdk";
import { answerMessage } from "./answer-message.js";
import { answerOutput } from "./answer-output.js";
import { createRedactor, type Redactor } from "@synaps/guards/secrets";
import { CONFIG, readSettings, type Settings } from "./settings.js";

/** The extension: secrets out of tool output, and a warning when the user typed one. */
export function secretRedactor(): Extension {
  let ready: { redactor: Redactor; settings: Settings } | undefined;

  return defineExtension({
    config: CONFIG,
    start(context) {
      // Read once here, so that a bad rule refuses to start instead of failing open at every event.
      const settings = readSettings(context.config);
      ready = { redactor: createRedactor(settings), settings };
    },
    hooks: {
      after_tool_call: (event) => (ready ? answerOutput(event, ready.redactor, ready.settings) : undefined),
      before_message: (event) => (ready ? answerMessage(event, ready.redactor, ready.settings) : undefined),
    },
  });
}
