import type { ParsedScript, ParameterExpansionPart, ParameterOperation, Word, WordPart } from "unbash";
import { braceAlternatives } from "./braces.js";
import {
  bounded,
  concat,
  itemField,
  join,
  literal,
  sourcesOfAll,
  worse,
  UNKNOWN,
  type Field,
  type Value,
} from "./model.js";
import type { Scope } from "./scope.js";

/** What expansion needs from the walk: running `$(...)` and `<(...)` to see their output. */
export interface Expander {
  readonly scope: Scope;
  substitute(script: ParsedScript | undefined): Value;
  /** Runs the commands inside a part that is not expanded here, such as arithmetic. */
  sweep(part: WordPart | Word | ParameterOperation): void;
}

const MAX_FIELDS = 64;

interface Piece {
  readonly value: Value;
  readonly glob: boolean;
  /** Unquoted expansions split into several words. */
  readonly split: boolean;
  readonly content?: Value;
}

/** Turns one word into the words that the command would get. Unknown parts stay visible as `$NAME`. */
export function expandWord(word: Word, expander: Expander): Field[] {
  if (word.parts === undefined) return [{ ...literal(word.value), glob: false }];
  const { positional } = expander.scope;
  if (positional && isArguments(word.text)) return positional.slice(0, MAX_FIELDS);
  // Braces open several words at once; an expansion that splits closes all but the last.
  let closed: Field[] = [];
  let open: Field[] = [literal("")];
  for (const part of word.parts) {
    if (part.type === "BraceExpansion") {
      expander.sweep(part);
      open = withAlternatives(open, braceAlternatives(part.text));
    } else {
      const grown = open.map((field) => append(field, pieceOf(part, expander)));
      closed = [...closed, ...grown.flatMap((fields) => fields.slice(0, -1))];
      open = grown.flatMap((fields) => fields.slice(-1));
    }
    if (closed.length + open.length > MAX_FIELDS) break;
  }
  const fields = [...closed, ...open].slice(0, MAX_FIELDS);
  return fields.length === 1 && fields[0]?.text === "" && !isQuoted(word) ? [] : fields;
}

/** The word as one text without splitting: assignments, heredocs, redirection targets. */
export function expandText(word: Word, expander: Expander): Field {
  const fields = expandWord(word, expander);
  const [first] = fields;
  if (fields.length === 1 && first) return first;
  const value = fields.reduce<Value>(
    (sum, field) => join(sum, sum.text === "" ? field : { ...field, text: ` ${field.text}` }),
    literal(""),
  );
  return { ...value, glob: fields.some((field) => field.glob) };
}

/** Text with expansions but without quotes: the body of an unquoted heredoc. */
export function expandParts(parts: readonly WordPart[], expander: Expander): Value {
  return parts.map((part) => pieceOf(part, expander).value).reduce(join, literal(""));
}

/** `"$@"` and `"${list[@]}"` stay several words inside quotes. */
const isList = (text: string): boolean => /^"\$(?:@|\{@\}|\{\w+\[@\]\})"$/.test(text);

/** `"$@"` alone: the arguments themselves, with all that is known of them. */
const isArguments = (text: string): boolean => /^(?:"\$[@*]"|"\$\{[@*]\}"|\$[@*]|\$\{[@*]\})$/.test(text);

const isQuoted = (word: Word): boolean => /["']/.test(word.text);

function withAlternatives(fields: Field[], alternatives: readonly string[]): Field[] {
  return fields.flatMap((field) => alternatives.map((text) => ({ ...field, text: field.text + text })));
}

function append(last: Field, piece: Piece): Field[] {
  const chunks = piece.split ? splitWords(piece.value) : [piece.value];
  const [first, ...rest] = chunks;
  const merged: Field = {
    text: concat(last.text, first?.text ?? ""),
    dynamic: last.dynamic || (first?.dynamic ?? false),
    origin: worse(last.origin, first?.origin ?? "literal"),
    glob: last.glob || piece.glob || first?.glob === true,
    ...(piece.content ? { content: piece.content } : {}),
    ...sourcesOfAll([last, first]),
  };
  return [merged, ...rest.map((value) => ({ ...value, glob: piece.glob || value.glob === true }))];
}

function splitWords(value: Value): Value[] {
  if (value.items && value.items.length > 0) return value.items.slice(0, MAX_FIELDS).map(itemField);
  return value.text
    .split(/[ \t\n]/)
    .slice(0, MAX_FIELDS)
    .map((text) => ({ ...value, text }))
    .filter((part, index, all) => part.text !== "" || index === 0 || index === all.length - 1);
}

function pieceOf(part: WordPart, expander: Expander): Piece {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return { value: literal(part.value), glob: false, split: false };
    case "Glob":
    case "ExtendedGlob":
      expander.sweep(part);
      return { value: literal(part.text), glob: true, split: false };
    case "DoubleQuoted":
    case "LocaleString":
      return { value: expandParts(part.parts, expander), glob: false, split: isList(part.text) };
    case "SimpleExpansion":
      return unquoted(variable(part.text.slice(1), part.text, expander.scope));
    case "ParameterExpansion":
      return unquoted(parameter(part, expander));
    case "CommandExpansion":
      return { value: substitution(expander.substitute(part.script)), glob: false, split: true };
    case "ProcessSubstitution": {
      const content = expander.substitute(part.script);
      return { value: literal("/dev/fd/63"), glob: false, split: false, content };
    }
    default:
      expander.sweep(part);
      return { value: { ...UNKNOWN, text: part.text }, glob: false, split: false };
  }
}

/** Outside of quotes, a pattern in a variable becomes file names. */
const unquoted = (value: Value): Piece => ({
  value,
  glob: value.glob === true || (!value.dynamic && /[*?]/.test(value.text)),
  split: true,
});

/** Trailing newlines go, as in a shell. */
function substitution(output: Value): Value {
  const [item] = output.items ?? [];
  if (item !== undefined) return { ...output, text: item, dynamic: true };
  // One word, so that splitting cannot turn the source of an unknown output into file names.
  if (output.dynamic && output.text === "") return { ...output, text: "$(...)" };
  return { ...output, text: output.text.replace(/\n+$/, "") };
}

/** Variables that every shell has. The home folder stays `~`, which the path rules understand. */
function builtin(name: string, scope: Scope): Value | undefined {
  if (name === "HOME") return literal("~");
  if (name === "PWD") return literal(scope.cwd);
  if (name === "IFS") return literal(" ");
  if (name === "TMPDIR") return literal("/tmp");
  if (name === "SHELL" || name === "BASH") return literal("/bin/bash");
  return undefined;
}

function variable(name: string, source: string, scope: Scope): Value {
  const known = scope.variables.get(name) ?? builtin(name, scope);
  if (known) return known;
  if (scope.positional) {
    if (name === "@" || name === "*") return scope.positional.map(spaced).reduce(join, literal(""));
    if (/^[1-9]$/.test(name)) return scope.positional[Number(name) - 1] ?? literal("");
  }
  return { ...UNKNOWN, text: source };
}

const spaced = (field: Field, index: number): Value =>
  index === 0 ? field : { ...field, text: ` ${field.text}` };

function parameter(part: ParameterExpansionPart, expander: Expander): Value {
  const { scope } = expander;
  const source = `\${${part.parameter}}`;
  const value = variable(part.parameter, source, scope);
  if (part.index) expander.sweep(part.index);
  if (part.prefix === "!" && !value.dynamic) return variable(value.text, source, scope);
  if (part.prefix !== undefined || (part.index && value.dynamic && !value.glob))
    return { ...UNKNOWN, text: source };
  const { operation } = part;
  if (operation === undefined) return value;
  if (!["Default", "Slice", "Replace"].includes(operation.type)) expander.sweep(operation);
  if (operation.type === "Default") {
    const operand = expandText(operation.operand, expander);
    if (operation.operator.includes("+")) return operand;
    return value.dynamic && value.text === source && !operation.operator.includes("?") ? operand : value;
  }
  if (value.dynamic) {
    expander.sweep(operation);
    return { ...UNKNOWN, text: source };
  }
  if (operation.type === "Slice")
    return slice(
      value,
      expandText(operation.offset, expander),
      operation.length && expandText(operation.length, expander),
    );
  if (operation.type === "Replace") {
    const pattern = expandText(operation.pattern, expander).text;
    const replacement = expandText(operation.replacement, expander).text;
    const text =
      operation.operator === "//"
        ? value.text.replaceAll(pattern, replacement)
        : value.text.replace(pattern, replacement);
    return pattern === "" || /[*?[]/.test(pattern)
      ? { ...UNKNOWN, text: source }
      : { ...value, text: bounded(text) };
  }
  return { ...UNKNOWN, text: source };
}

/** `${HOME:0:1}` is the classic way to write a slash without writing it; `~` stands for an absolute path. */
function slice(value: Value, offset: Field, length: Field | undefined): Value {
  const from = Number(offset.text);
  const count = length === undefined ? undefined : Number(length.text);
  if (!Number.isInteger(from) || (count !== undefined && !(count >= 0))) return { ...value, dynamic: true };
  const text = value.text.replace(/^~/, "/home");
  return { ...value, text: text.slice(from, count === undefined ? undefined : from + count) };
}
