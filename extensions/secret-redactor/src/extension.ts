import { defineExtension, type Extension } from "@synaps/sdk";
import { createRedactor, type Redactor } from "@synaps/guards/secrets";
import { answerInput } from "./answer-input.js";
import { answerMessage } from "./answer-message.js";
import { answerOutput } from "./answer-output.js";
import { CONFIG, readSettings, type Settings } from "./settings.js";
import { ToldSessions } from "./told-sessions.js";

/**
 * The extension: secrets out of tool output, a warning when the user typed one, and a question before a mark is written.
 * A mistake in the configuration keeps the defaults, is a line in the log, and is told once in each session.
 */
export function secretRedactor(): Extension {
  let ready: { redactor: Redactor; settings: Settings } | undefined;
  const told = new ToldSessions();

  return defineExtension({
    config: CONFIG,
    start(context) {
      const settings = readSettings(context.config);
      for (const problem of settings.problems) context.log(`mistake in the configuration: ${problem}`);
      ready = { redactor: createRedactor(settings), settings };
    },
    hooks: {
      before_tool_call: (event) => (ready ? answerInput(event, ready.settings) : undefined),
      after_tool_call: (event) => (ready ? answerOutput(event, ready.redactor, ready.settings) : undefined),
      before_message(event) {
        if (!ready) return undefined;
        const { settings, redactor } = ready;
        const isNew = settings.problems.length > 0 && told.isFirst(event.session_id);
        return answerMessage(event, redactor, settings, isNew ? settings.problems : []);
      },
    },
  });
}
