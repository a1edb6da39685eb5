import { AI_RULES } from "./ai.js";
import { ASSIGNMENT_RULES } from "./assignments.js";
import { CLOUD_RULES } from "./cloud.js";
import { CODE_HOST_RULES } from "./code-hosts.js";
import { CONTEXT_RULES } from "./context.js";
import { KEY_RULES } from "./keys.js";
import { MESSAGING_RULES } from "./messaging.js";
import type { Rule } from "./rule.js";
import { SERVICE_RULES } from "./services.js";

/** All built-in rules, the most specific first: where two overlap, the earlier one gives the name. */
export const RULES: readonly Rule[] = [
  ...KEY_RULES,
  ...CODE_HOST_RULES,
  ...AI_RULES,
  ...CLOUD_RULES,
  ...MESSAGING_RULES,
  ...SERVICE_RULES,
  ...CONTEXT_RULES,
  ...ASSIGNMENT_RULES,
];
