import { isSecretApart, looksDrawn } from "./assigned-value.js";
import { kindOfName, type NameKind } from "./names.js";
import { isPlaceholder } from "./placeholder.js";
import type { Span } from "./rules/rule.js";

/** The member that holds a value whose name stands in another member. */
const VALUE =
  /(?:[Vv]alue|VALUE|ecretString|laintext)(?:\\?["'])?[ \t]{0,8}[:=][ \t]{0,8}(?:\\?"((?:[^"\\\s]|\\[^nrt"\s]){6,4096})|'([^'\s]{6,4096})|([^\s"'`,;<>(){}[\]\\&|]{6,4096}))/dg;

/** A member that holds the name. */
const NAME =
  /(?<![A-Za-z0-9_])(?:\\?["'])?(?:(?:Parameter|Output|Option|Setting)?(?:[Nn]ame|[Kk]ey)|NAME|KEY|variable|id|Id|title|label)(?:\\?["'])?[ \t]{0,8}[:=][ \t]{0,8}(?:\\?["'])?([A-Za-z0-9_./-]{2,120})(?:\\?["'])?/g;

/** XML and HTML: `<name>x</name><value>y</value>`, `<add key="x" value="y"/>`. */
const ELEMENTS =
  /<(?:name|key|string)>([A-Za-z0-9_.-]{2,120})<\/(?:name|key|string)>\s{0,80}<(?:value|string)>([^<>\s]{6,512})<\//dg;

/** Members that call the value of their object a secret, whatever its name. */
const SENSITIVE = /["']?(?:sensitive|secret|is_?secret|masked)["']?[ ]{0,4}[:=][ ]{0,4}true|"SecureString"/i;

/** The result of a random resource of Terraform, in its state or its plan. */
const RANDOM =
  /random_(?:password|bytes)"[\s\S]{0,400}?"?(?:result|hex|base64)"?[ ]{0,16}[:=][ ]{0,4}\\?"([^"\\\s]{8,512})/dg;

/** Most characters between a value and its name. */
const REACH = 400;
/** Values tried in one text. */
const MOST_VALUES = 20_000;

/** Values whose name stands beside them: Kubernetes env, CI variables, Terraform outputs, parameter stores. */
export function findApart(text: string, entropy: number): Span[] {
  const found: Span[] = [];
  let tried = 0;
  for (const match of text.matchAll(VALUE)) {
    tried += 1;
    if (tried > MOST_VALUES) break;
    const span = match.indices?.[1] ?? match.indices?.[2] ?? match.indices?.[3];
    if (span === undefined) continue;
    const value = text.slice(span[0], span[1]);
    const before = withinObject(text.slice(Math.max(0, match.index - REACH), match.index));
    const after = text.slice(span[1], span[1] + REACH);
    const rest = after.slice(0, endOfObject(after));
    const kind = kindIn(before) ?? kindIn(rest);
    if ((kind !== undefined && isSecretApart(value, kind, entropy)) || isSensitive(value, before + rest))
      found.push({ start: span[0], end: span[1] });
  }
  for (const match of text.matchAll(RANDOM)) {
    const span = match.indices?.[1];
    if (span && !isPlaceholder(match[1] ?? "")) found.push({ start: span[0], end: span[1] });
  }
  for (const match of text.matchAll(ELEMENTS)) {
    const span = match.indices?.[2];
    const kind = kindOfName((match[1] ?? "").replaceAll("/", "_"));
    const value = match[2] ?? "";
    if (span && kind && looksDrawn(value) && isSecretApart(value, kind, entropy))
      found.push({ start: span[0], end: span[1] });
  }
  return found;
}

/** A value that its own object calls a secret needs no look of one, unless it is a path, an address or a switch. */
function isSensitive(value: string, object: string): boolean {
  return (
    SENSITIVE.test(object) &&
    !isPlaceholder(value) &&
    !/^(?:true|false|string|[\d.,]+|(?:\.{0,2}|~)\/\S*|https?:\/\/\S*|\w+\.\w+\(?.*)$/.test(value)
  );
}

/** The kind that a name in a piece of one object promises, or the member that the object was opened under. */
function kindIn(piece: string): NameKind | undefined {
  const names = [...piece.matchAll(NAME)].map((match) => match[1] ?? "");
  const opened = /["']?([A-Za-z0-9_.-]{2,120})["']?[ \t]{0,4}[:=][ \t]{0,4}\{[^{}]{0,400}$/.exec(piece)?.[1];
  for (const name of [...names, opened ?? ""]) {
    const kind = kindOfName(name.replaceAll("/", "_"));
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Text before a value in its own object: after the last closed object, list entry or blank line. */
function withinObject(before: string): string {
  const entry = [...before.matchAll(/\n[ \t]{0,24}- /g)].at(-1)?.index ?? -1;
  const ends = ["}", "\n\n", "\n---", "/>"].map((end) => before.lastIndexOf(end));
  return before.slice(Math.max(entry, ...ends) + 1);
}

function endOfObject(after: string): number {
  const end = /\}|\n\n|\n[ \t]{0,24}- |\/>|\n[ \t]{0,24}["']?value/i.exec(after)?.index;
  return end ?? after.length;
}
