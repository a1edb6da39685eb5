/** Finds secrets in text and replaces them by marks such as `[redacted:github-token#1]`. */
export { createRedactor, type Redacted, type Redaction, type Redactor } from "./redact.js";
export type { FindOptions } from "./find.js";
export { RULES } from "./rules/index.js";
export type { Rule } from "./rules/rule.js";
