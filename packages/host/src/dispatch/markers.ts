/**
 * Openings of the structure that agents, chat templates and the host itself put into a conversation. A backslash behind the
 * bracket breaks each for a parser and leaves it readable for a person. Names are fixed texts and every gap is bounded, so
 * that the time grows with the length of the text alone.
 */
const STEM = [
  "system|user|assistant|developer|human|tool|function|hook|agent|extension|command|bash|shell|environment|session",
  "conversation|task|turn|permissions|local[-_ ]command|user[-_ ]prompt|user[-_ ]shell",
].join("|");
const SUFFIX = [
  "reminders?|context|prompt|messages?|instructions?|input|outputs?|results?|calls?|uses?|responses?|errors?|stdout|stderr",
  "notifications?|caveat|aborted|hook|submit[-_ ]hook",
].join("|");
/** Names that no markup of documents has. */
const NAMES = [
  `(?:${STEM})[-_:.\\s]{0,4}(?:${SUFFIX})|command[-_](?:name|args|contents)`,
  "antml\\s?:\\s?[a-z_]+|invoke|instructions|persisted[-_ ]output|(?:start|end)[-_]of[-_][a-z_]{1,24}|think(?:ing)?|bos|eos|sop|eop",
].join("|");
/** Names that documents may have as well: a tag of markup has them with values, a placeholder inside of an address. */
const ROLES = "system|user|assistant|developer|human";
const GAP = "\\s{0,32}";
const OPEN = "[<＜﹤]";
const CLOSE = "[>＞﹥]";
const TOKEN = "[\\w▁:./-]{1,64}";
const SQUARE_WORDS = "INST|SYS|SYSTEM[_ ]PROMPT|AVAILABLE[_ ]TOOLS|TOOL[_ ](?:CALLS?|RESULTS?|CONTENT)|gMASK";
const SQUARE = [
  `${GAP}/?${GAP}(?:${SQUARE_WORDS})${GAP}\\]`,
  `${GAP}(?:end\\s{1,32})?extension\\s{1,32}context`,
  `${GAP}(?:cut:|truncated,|output\\s{1,32}withheld|request\\s{1,32}interrupted)`,
].join("|");

const ANGLE = [
  // <system-reminder>, </function_results>, <tool_result id="1">; also where the text ends before the tag does.
  `${GAP}(?:/${GAP})?(?:${NAMES})(?![\\w-])`,
  `${GAP}(?:/${GAP})?(?:${ROLES})${GAP}/?${GAP}(?:${CLOSE}|$)`,
  `${GAP}(?:${ROLES})\\s[^<>＜＞]{0,200}=[^<>＜＞]{0,200}(?:${CLOSE}|$)`,
  `${GAP}function\\s{0,4}=`,
  // <|im_start|>, with the wide bar of some templates as well.
  `${GAP}[|｜]${TOKEN}[|｜]${CLOSE}`,
  // With gaps only where no operator of a language can be meant.
  `${GAP}[|｜]${GAP}(?:${ROLES}|[a-z]{1,16}_[\\w-]{1,32}|endoftext)${GAP}[|｜]${GAP}${CLOSE}`,
  `${GAP}${OPEN}${GAP}/?${GAP}SYS${GAP}${CLOSE}`,
];
/** Beginnings at the end of a text, which the next contribution could complete behind its blank line. */
const ANGLE_END = `${GAP}[/<＜﹤]?${GAP}(?:(?:${STEM})[-_:.\\s]{0,32}|[|｜]${GAP}(?:${TOKEN}${GAP}[|｜]?${GAP})?)?$`;
const SQUARE_END = `${GAP}/?${GAP}(?:${SQUARE_WORDS}|end|(?:end\\s{1,32})?extension|output|request)?${GAP}$`;

const MARKER = new RegExp(
  `${OPEN}(?=${[...ANGLE, ANGLE_END].join("|")})|\\[(?=${SQUARE}|${SQUARE_END})`,
  "giu",
);

/** `Array<User>` and `Promise<ToolResult[]>` are code: a type stands right behind a name and has a capital letter for each word. */
const TYPE = /^<[A-Z][a-z]{1,24}(?:[A-Z][a-z]{1,24}){0,3}[>,[<| ]/;
/** `ssh <user>@host`, `/home/<user>`. */
const PLACEHOLDER = /^<user>/;
/** `#include <system_error>`. */
const INCLUDE = /#\s{0,8}include\s{0,8}$/;

/**
 * Characters that move a cursor, turn the text round, or hide in it: controls but tab, form feed and line ends, and all that Unicode
 * calls ignorable. Those stay that writing needs: joiners between letters that are not Latin, and what chooses an emoji.
 */
const UNSEEN = new RegExp(
  [
    // The flags of England, Scotland and Wales are spelt with tags.
    "\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{4,6}\\u{E007F}",
    "(?<=[^\\0-\\u02ff\\p{DI}])[\\u200c\\u200d](?=[^\\0-\\u02ff\\p{DI}])",
    "(?<=[^\\0-\\x7f\\p{DI}])[\\ufe0e\\ufe0f]|\\ufe0f(?=\\u20e3)",
    "(?<=\\ufe0f)\\u200d(?=[^\\0-\\u02ff\\p{DI}])",
    "(?<=\\p{sc=Han})[\\u{E0100}-\\u{E01EF}]",
    "((?:[\\u2028\\u2029\\ufff9-\\ufffb\\p{DI}]|(?![\\t\\n\\f\\r])\\p{Cc}|\\r(?!\\n))+)",
  ].join("|"),
  "gu",
);

/** The one test that a text without any of this costs. */
const SUSPECT = /[<＜﹤[\p{DI}\u2028\u2029\ufff9-\ufffb]|(?![\t\n\f\r])\p{Cc}|\r(?!\n)/u;

/**
 * A text of an extension on its way into a conversation, in which nothing passes for the structure of an agent, of a chat
 * template or of the host: `<system-reminder>` becomes `<\system-reminder>`, an invisible character its escape `\u200b`.
 * Only adds to the text, so that a second pass finds nothing. `places`: how many were changed, a character beyond the first plane counting twice. Leaves words alone: text that
 * argues with a model stays what it is.
 */
export function withoutMarkers(text: string): { readonly text: string; readonly places: number } {
  if (!SUSPECT.test(text)) return { text, places: 0 };
  let places = 0;
  const seen = text.replace(UNSEEN, (found, hidden: string | undefined) => {
    if (hidden === undefined) return found;
    places += found.length;
    return escaped(found);
  });
  const plain = seen.replace(MARKER, (bracket, at: number) => {
    if (isOrdinary(seen, at)) return bracket;
    places += 1;
    return `${bracket}\\`;
  });
  return { text: plain, places };
}

function isOrdinary(text: string, at: number): boolean {
  const tag = text.slice(at, at + 104);
  const before = at === 0 ? "" : text.charAt(at - 1);
  if (INCLUDE.test(text.slice(Math.max(0, at - 24), at))) return true;
  if (TYPE.test(tag)) return /\w/.test(before);
  return PLACEHOLDER.test(tag) && (before === "/" || text.charAt(at + "<user>".length) === "@");
}

function escaped(hidden: string): string {
  let units = "";
  for (let at = 0; at < hidden.length; at += 1)
    units += `\\u${hidden.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return units;
}
