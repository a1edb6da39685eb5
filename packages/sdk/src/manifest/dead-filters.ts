import type { HookKindSpec } from "../protocol/catalog.js";
import { deadConditions } from "./attribute-rules.js";
import type { ManifestProblem } from "./problem.js";
import type { HookEntry } from "./schema.js";

/** Characters that occur in no name of a tool, and what people mean by them elsewhere. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/^\s|\s$/, "it begins or ends with a space"],
  [/\|/, "'|' is no alternative here: list the names"],
  [/,/, "',' separates nothing here: list the names"],
  [/[()]/, "a filter names tools only; conditions on the input stand in 'match'"],
  [/\.[*+]|[\^$[\]{}\\+]/, "it is no regular expression: '*' stands for any characters, '?' for one"],
  [/["'`\s]/, "no tool has such a name"],
];

/** Filters of a hook that no event can pass: the hook would never be asked, without a word. Pure. */
export function deadFilters(hook: HookEntry, spec: HookKindSpec, pointer: string): ManifestProblem[] {
  const { tool, tools, match } = hook;
  const found: ManifestProblem[] = [];
  if (tools?.length === 0 && tool == null)
    found.push(dead(`${pointer}/tools`, "the list is empty", "Remove 'tools' to be asked about every tool."));
  if (tool != null) {
    const why = /[*?]/.test(tool) ? `'${tool}' is taken as it stands, without placeholders` : whyNoName(tool);
    const hint = /[*?]/.test(tool) ? `Write "tools": ["${tool}"], or leave it out for every tool.` : NAMES;
    if (why !== undefined) found.push(dead(`${pointer}/tool`, why, hint));
  }
  for (const [index, name] of (tools ?? []).entries()) {
    const why = whyNoName(name);
    if (why !== undefined) found.push(dead(`${pointer}/tools/${index}`, why, NAMES));
  }
  if (match != null && !spec.toolFilter) {
    const why = `events of '${hook.hook}' have no tool input`;
    found.push(dead(`${pointer}/match`, why, "Remove 'match'."));
  } else if (match?.input_contains !== undefined) {
    const why = whyNoText(match.input_contains);
    if (why !== undefined) found.push(dead(`${pointer}/match/input_contains`, why, TEXT));
  }
  for (const { at, why, hint } of deadConditions(hook, spec))
    found.push(dead(`${pointer}/where${at}`, why, hint));
  return found;
}

const NAMES = 'Name tools as they are called, as in "tools": ["bash", "mcp__*"].';
const TEXT =
  "Write a part of the input as compact JSON has it, for instance only the word that you look for.";

function whyNoName(name: string): string | undefined {
  if (name === "") return "a tool has a name";
  return FOREIGN.find(([sign]) => sign.test(name))?.[1];
}

/** The input is written as compact JSON: what cannot stand in such a text is never found. */
function whyNoText(text: string): string | undefined {
  if (/"\s*:\s|"\s+:/.test(text)) return "the input is compared as compact JSON, without a space around ':'";
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f]/.test(text)) return "in JSON, a line end or tab is written as \\n or \\t";
  const quotes = [...text.matchAll(/"/g)].map(({ index }) => index);
  const isLone = (at: number): boolean =>
    at > 0 &&
    at < text.length - 1 &&
    !"{[,:\\".includes(text.charAt(at - 1)) &&
    !":,}]".includes(text.charAt(at + 1));
  return quotes.some(isLone) ? 'in JSON, a quotation mark inside of a text is written as \\"' : undefined;
}

function dead(pointer: string, why: string, hint: string): ManifestProblem {
  const message = `the filter lets no event pass: ${why}`;
  return { severity: "warning", code: "MANIFEST_DEAD_FILTER", pointer, message, hint };
}
