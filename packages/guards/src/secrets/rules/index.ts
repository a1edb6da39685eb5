import { AI_RULES } from "./ai.js";
import { ASSIGNMENT_RULES } from "./assignments.js";
import { CLOUD_RULES } from "./cloud.js";
import { CODE_HOST_RULES } from "./code-hosts.js";
import { COMMAND_RULES } from "./commands.js";
import { CONTEXT_RULES } from "./context.js";
import { DEFAULT_RULES } from "./defaults.js";
import { DIRECTIVE_RULES } from "./directives.js";
import { AI_FORMATS } from "./formats-ai.js";
import { CLOUD_FORMATS, SIGNED_FORMATS } from "./formats-cloud.js";
import { CODE_FORMATS } from "./formats-code.js";
import { SERVICE_FORMATS } from "./formats-services.js";
import { HASH_RULES } from "./hashes.js";
import { JOINED_RULES } from "./joined.js";
import { KEY_RULES } from "./keys.js";
import { LAYOUT_RULES } from "./layouts.js";
import { MESSAGING_RULES } from "./messaging.js";
import type { Rule } from "./rule.js";
import { SERVICE_RULES } from "./services.js";
import { WEBHOOK_RULES } from "./webhooks.js";

/** Rules whose secrets show what they are wherever they stand. */
export const TOKEN_RULES: readonly Rule[] = [
  ...KEY_RULES,
  ...CODE_HOST_RULES,
  ...AI_RULES,
  ...CLOUD_RULES,
  ...MESSAGING_RULES,
  ...SERVICE_RULES,
  ...CODE_FORMATS,
  ...AI_FORMATS,
  ...CLOUD_FORMATS,
  ...SIGNED_FORMATS,
  ...SERVICE_FORMATS,
  ...WEBHOOK_RULES,
  ...HASH_RULES,
];

/** All built-in rules, the most specific first: where two overlap, the earlier one gives the name. */
export const RULES: readonly Rule[] = [
  ...TOKEN_RULES,
  ...CONTEXT_RULES,
  ...COMMAND_RULES,
  ...DIRECTIVE_RULES,
  ...ASSIGNMENT_RULES,
  ...DEFAULT_RULES,
  ...JOINED_RULES,
  ...LAYOUT_RULES,
];
