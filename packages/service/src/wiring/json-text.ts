import {
  applyEdits,
  createScanner,
  getNodeValue,
  parseTree,
  type Edit,
  type Node,
  type ParseError,
} from "jsonc-parser";
import type { JsonValue } from "@synaps/sdk/protocol";

/** Kinds of token of the scanner that are needed here. The package declares them as an enum that is erased. */
const COMMA = 5;
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const END = 17;

/** Ways in which a text goes beyond strict JSON. */
export interface Liberties {
  readonly comments: boolean;
  readonly trailingCommas: boolean;
}

/** A JSON text with its parts. Comments and trailing commas are allowed. */
export interface JsonText {
  readonly text: string;
  readonly root: Node;
}

/** A text that is no JSON object whose members have one meaning. The message says where. */
export class UnclearJson extends Error {}

/** Parses a text. Throws UnclearJson for anything but one object in which no name stands twice. */
export function parseJson(text: string): JsonText {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true });
  } catch {
    throw new UnclearJson("it is nested too deeply");
  }
  const [error] = errors;
  if (error !== undefined || root === undefined)
    throw new UnclearJson(`it is no JSON at ${placeIn(text, error?.offset ?? 0)}`);
  if (root.type !== "object") throw new UnclearJson("it holds no JSON object");
  return { text, root };
}

/** Tells how the text goes beyond strict JSON. */
export function libertiesOf({ text, root }: JsonText): Liberties {
  const found = { comments: false, trailingCommas: false };
  try {
    JSON.parse(text);
    return found;
  } catch {
    const scanner = createScanner(text);
    for (let token = scanner.scan() as number; token !== END; token = scanner.scan() as number)
      if (token === LINE_COMMENT || token === BLOCK_COMMENT) found.comments = true;
    found.trailingCommas = hasTrailingComma(text, root);
    return found;
  }
}

function hasTrailingComma(text: string, node: Node): boolean {
  const { type, children = [] } = node;
  const last = children.at(-1);
  const isContainer = type === "object" || type === "array";
  if (isContainer && last && gapOf(text, endOf(last), endOf(node) - 1).comma !== undefined) return true;
  return children.some((child) => hasTrailingComma(text, child));
}

/** The value of a member of an object; undefined when it has no such member. Throws UnclearJson when it has two. */
export function memberOf(object: Node, name: string): Node | undefined {
  const found = propertiesOf(object).filter(({ children }) => children?.[0]?.value === name);
  if (found.length > 1) throw new UnclearJson(`the member '${name}' stands there twice`);
  return found[0]?.children?.[1];
}

/** The members of an object as they stand in the text. */
export function propertiesOf(object: Node): Node[] {
  return object.type === "object" ? (object.children ?? []) : [];
}

/** The value that a part of the text stands for. */
export function valueOf(node: Node): JsonValue {
  // The package makes objects without a prototype, which no comparison takes for equal to others.
  return JSON.parse(JSON.stringify(getNodeValue(node))) as JsonValue;
}

/** Adds a member behind the others of an object. All other bytes stay. */
export function addMember(json: JsonText, object: Node, name: string, value: JsonValue): JsonText {
  return insert(json, object, (form) => `${JSON.stringify(name)}:${form.space}${form.write(value)}`);
}

/** Adds an element behind the others of an array. All other bytes stay. */
export function addElement(json: JsonText, array: Node, value: JsonValue): JsonText {
  return insert(json, array, (form) => form.write(value));
}

/** The form of what is added: several lines, or one line in a text that has only one. */
interface Form {
  readonly space: string;
  write(value: JsonValue): string;
}

function insert(json: JsonText, container: Node, write: (form: Form) => string): JsonText {
  const { text } = json;
  const eol = /\r?\n/.exec(text)?.[0] ?? "\n";
  const last = container.children?.at(-1);
  const own = text.slice(container.offset, endOf(container));
  const outer = indentAt(text, container.offset);
  // A container that stands in one line keeps doing so.
  if (last !== undefined && !own.includes("\n"))
    return changed(json, [{ offset: endOf(last), length: 0, content: `, ${write(inline())}` }]);
  if (last === undefined && !text.includes("\n") && text.trim() !== "{}")
    return changed(json, [{ offset: container.offset + 1, length: 0, content: write(inline()) }]);
  const indent = last === undefined ? outer + unitOf(json) : indentAt(text, last.offset);
  const piece = `${eol}${indent}${write(formAt(json, indent))}`;
  if (last !== undefined) return changed(json, [{ offset: endOf(last), length: 0, content: `,${piece}` }]);
  const closing = isBare(json, container) && !own.includes("\n") ? `${eol}${outer}` : "";
  return changed(json, [{ offset: container.offset + 1, length: 0, content: piece + closing }]);
}

function inline(): Form {
  return { space: " ", write: (value) => JSON.stringify(value) };
}

function formAt(json: JsonText, indent: string): Form {
  const eol = /\r?\n/.exec(json.text)?.[0] ?? "\n";
  return {
    space: " ",
    write: (value) => JSON.stringify(value, null, unitOf(json)).replaceAll("\n", `${eol}${indent}`),
  };
}

/** Removes a child of an object or an array, with the one comma that goes with it. Comments and all other bytes stay. */
export function removeChild(json: JsonText, container: Node, child: Node): JsonText {
  const { text } = json;
  const children = container.children ?? [];
  const index = children.indexOf(child);
  const [previous, next] = [children[index - 1], children[index + 1]];
  const end = endOf(child);
  const from = previous ? endOf(previous) : container.offset + 1;
  const before = gapOf(text, from, child.offset);
  const after = gapOf(text, end, next ? next.offset : endOf(container) - 1);
  const cut = (start: number, to: number): JsonText =>
    changed(json, [{ offset: start, length: to - start, content: "" }]);
  if (previous && !before.hasComment) return cut(from, end);
  if (!previous && next && !after.hasComment) return cut(child.offset, next.offset);
  const comma = previous && !next ? before.comma : after.comma;
  const edits: Edit[] = [lineAround(text, child)];
  if (!previous && !before.hasComment) edits[0] = { offset: from, length: end - from, content: "" };
  if (comma !== undefined) edits.push({ offset: comma, length: 1, content: "" });
  return changed(json, edits);
}

/** The child alone, or with its whole lines where nothing else stands in them. */
function lineAround(text: string, { offset, length }: Node): Edit {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = /[ \t]*,?[ \t]*(?:\r?\n)?/y;
  lineEnd.lastIndex = offset + length;
  const rest = lineEnd.exec(text)?.[0] ?? "";
  const isWhole = text.slice(start, offset).trim() === "" && rest.endsWith("\n") && !rest.includes(",");
  return isWhole
    ? { offset: start, length: offset + length + rest.length - start, content: "" }
    : { offset, length, content: "" };
}

/** The comma and the comments between two parts of a text. */
function gapOf(text: string, from: number, to: number): { comma: number | undefined; hasComment: boolean } {
  const scanner = createScanner(text.slice(from, to));
  let comma: number | undefined;
  let hasComment = false;
  for (let token = scanner.scan() as number; token !== END; token = scanner.scan() as number) {
    if (token === COMMA) comma = from + scanner.getTokenOffset();
    if (token === LINE_COMMENT || token === BLOCK_COMMENT) hasComment = true;
  }
  return { comma, hasComment };
}

/** Puts the space between the brackets of a container in the place of that of another one; both are bare. */
export function withSpaceOf(json: JsonText, container: Node, other: JsonText, node: Node): JsonText {
  const content = other.text.slice(node.offset + 1, endOf(node) - 1);
  return changed(json, [{ offset: container.offset + 1, length: container.length - 2, content }]);
}

/** True if nothing but space stands between the brackets of a container. */
export function isBare({ text }: JsonText, { offset, length }: Node): boolean {
  return text.slice(offset + 1, offset + length - 1).trim() === "";
}

function changed({ text }: JsonText, edits: Edit[]): JsonText {
  return parseJson(applyEdits(text, edits));
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** One step of indentation, as the first member of the text has it. Default two spaces. */
function unitOf({ text, root }: JsonText): string {
  const first = root.children?.[0];
  if (first === undefined || !text.slice(root.offset, first.offset).includes("\n")) return "  ";
  return indentAt(text, first.offset) || "  ";
}

function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
