import {
  ANY,
  between,
  FUNCTION,
  LIST,
  NUMBER_OR_NULL,
  optionsCheck,
  SIGNAL,
  TEXT,
  TEXT_OR_NULL,
  type OptionCheck,
} from "../../dispatch/options-check.js";
import type { HostError } from "../../errors.js";
import type { CompletionOptions, CompletionRequest, OwnTool } from "./provider-types.js";

const NAMES_OR_SWITCH: OptionCheck = [
  (value) => typeof value === "boolean" || Array.isArray(value),
  "true, false or a list of names",
];
const BUDGET: OptionCheck = [
  (value) => value === null || (Number.isSafeInteger(value) && (value as number) >= 0),
  "a whole number from 0 on, or null",
];
const wrongRequest = optionsCheck<CompletionRequest>(
  "a completion, in the request,",
  {
    model: TEXT,
    messages: LIST,
    systemPrompt: TEXT_OR_NULL,
    tools: LIST,
    temperature: NUMBER_OR_NULL,
    maxTokens: NUMBER_OR_NULL,
    thinkingBudget: BUDGET,
  },
  "HOST_OPTIONS_INVALID",
  ["model", "messages"],
);
const wrongOptions = optionsCheck<CompletionOptions>("a completion", {
  signal: SIGNAL,
  extensionTools: NAMES_OR_SWITCH,
  ownTools: LIST,
  maxTurns: between(1, Number.MAX_SAFE_INTEGER),
});
const wrongTool = optionsCheck<OwnTool>(
  "a completion, in 'ownTools',",
  { name: TEXT, description: TEXT, inputSchema: ANY, run: FUNCTION },
  "HOST_OPTIONS_INVALID",
  ["name", "description", "inputSchema", "run"],
);

/** The error for the first mistake in what a program asks of a provider. */
export function wrongCompletion(
  request: CompletionRequest,
  options: CompletionOptions,
): HostError | undefined {
  const wrong = wrongRequest(request) ?? wrongOptions(options);
  if (wrong) return wrong;
  for (const tool of options.ownTools ?? []) {
    const wrongOne = wrongTool(tool);
    if (wrongOne) return wrongOne;
  }
  return undefined;
}
