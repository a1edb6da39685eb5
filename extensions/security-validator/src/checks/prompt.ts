import { rule } from "./check.js";

/** Up to four words between two that count. */
const WORDS = String.raw`(?:\W{1,3}[\w']{1,20}){0,4}?\W{1,3}`;
const RULES_OF_MODEL = String.raw`(?:instructions?|prompts?|rules|guidelines|directions|directives|constraints|safeguards|programming)`;
const shape = (source: string): RegExp => new RegExp(source.replaceAll("_", WORDS), "i");

/** Phrases that speak to a model behind the back of its user. English, and the marks of chat templates. */
export const PROMPT_RULES = [
  rule(
    "prompt",
    "prompt-ignore",
    shape(
      String.raw`\b(?:ignore|disregard|forget|override|bypass|discard)_(?:previous|prior|above|earlier|preceding|foregoing|initial|original|system|your|all)_?${RULES_OF_MODEL}\b`,
    ),
  ),
  rule(
    "prompt",
    "prompt-ignore",
    /\b(?:ignore|disregard|forget)\W{1,3}(?:everything|all|anything)\W{1,3}(?:that\W{1,3})?(?:(?:was|is|you\W{1,3}were)\W{1,3})?(?:above|before|told|said|written)\b/i,
  ),
  rule(
    "prompt",
    "prompt-reveal",
    shape(
      String.raw`\b(?:reveal|print|show|repeat|output|display|leak|disclose|tell\W{1,3}me)_(?:your|the)\W{1,3}(?:(?:full|entire|exact|original)\W{1,3})?(?:system|hidden|initial|secret)\W{1,3}(?:prompt|instructions?|message)\b`,
    ),
  ),
  rule(
    "prompt",
    "prompt-role",
    /\b(?:you\W{1,3}are|you're|act\W{1,3}as|pretend\W{1,3}(?:to\W{1,3}be|you\W{1,3}are))\W{1,3}(?:now\W{1,3})?(?:(?:an?\W{1,3}|the\W{1,3})?(?:DAN\b|jailbroken|unrestricted|unfiltered|uncensored|evil\W{1,3}(?:ai|bot|assistant|model))|in\W{1,3}(?:developer|god|dan|debug)\W{1,3}mode)/i,
  ),
  rule(
    "prompt",
    "prompt-role",
    /\b(?:you|that\W{1,3}you)\W{1,3}(?:now\W{1,3})?have\W{1,3}no\W{1,3}(?:rules|restrictions|guidelines|limits|filters|ethical)\b(?!\W{1,3}(?:on|about|for|against)\b)/i,
  ),
  rule(
    "prompt",
    "prompt-secret",
    /\b(?:do\W{1,3}not|don't|never)\W{1,3}(?:tell|inform|mention|reveal|show|alert|warn)\W{1,3}(?:this\W{1,3}(?:to\W{1,3})?|it\W{1,3}to\W{1,3})?(?:the\W{1,3})?user\b/i,
  ),
  rule(
    "prompt",
    "prompt-new-orders",
    /(?:^|\n)\W{0,8}(?:new|updated|real|important|system)\W{1,3}(?:system\W{1,3})?(?:instructions?|override|prompt|directive)\s{0,3}:/i,
  ),
  rule(
    "prompt",
    "prompt-template",
    /<\|(?:im_start|im_end|system|assistant|endoftext|eot_id|start_header_id)\|>|\[\/?INST\]|<<\/?SYS>>|(?:^|\n)#{2,3} ?(?:system|assistant|instruction):/i,
  ),
  // Characters that are not seen, and that models read.
  rule("prompt", "prompt-hidden", /[\u{e0020}-\u{e007e}]{2,}|[\u200b\u2060\u2062-\u2064\ufeff]{4,}/u, ""),
];
