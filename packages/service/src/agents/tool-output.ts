import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { parsed } from "./payload.js";

/** A shape of outputs: the text in it, and the same output with another text. */
interface Shape {
  readonly text: string;
  readonly with: (text: string) => JsonValue | undefined;
}

/** The text of a tool's response: the text that the model reads, where the shape is known, else the response as JSON. */
export function outputText(response: JsonValue): string {
  return shapeOf(response).text;
}

/**
 * The response with another text, in the shape that the tool itself gives: Claude Code drops any other silently, and the model
 * then reads the original. Undefined where the text fits into no such shape.
 */
export function withText(response: JsonValue, text: string): JsonValue | undefined {
  return shapeOf(response).with(text);
}

function shapeOf(response: JsonValue): Shape {
  if (typeof response === "string") return { text: response, with: (text) => text };
  if (Array.isArray(response)) return blocks(response) ?? asJson(response);
  if (!isJsonObject(response)) return asJson(response);
  return shell(response) ?? file(response) ?? content(response) ?? asJson(response);
}

/** A shell: the new text stands on stdout. Nothing else that has a copy of the output stays. */
function shell(response: JsonObject): Shape | undefined {
  const { stdout, stderr } = response;
  if (typeof stdout !== "string" || typeof stderr !== "string") return undefined;
  return {
    text: [stdout, stderr].filter((part) => part !== "").join("\n"),
    with: (text) => {
      const rest = without(response, "structuredContent", "persistedOutputPath", "persistedOutputSize");
      return { ...rest, stdout: text, stderr: "", ...("isImage" in rest && { isImage: false }) };
    },
  };
}

/** A file that was read: `{ type: "text", file: { content } }`. */
function file(response: JsonObject): Shape | undefined {
  const { file: read } = response;
  if (response["type"] !== "text" || !isJsonObject(read) || typeof read["content"] !== "string")
    return undefined;
  return { text: read["content"], with: (text) => ({ ...response, file: { ...read, content: text } }) };
}

/** One member is all that the model reads: the blocks of a subagent or a server, the lines of a search, a page. */
function content(response: JsonObject): Shape | undefined {
  for (const name of ["content", "result"]) {
    const inner = response[name];
    if (inner === undefined || inner === "" || (typeof inner !== "string" && !Array.isArray(inner))) continue;
    const shape = typeof inner === "string" ? shapeOf(inner) : blocks(inner);
    if (shape === undefined) continue;
    return {
      text: shape.text,
      with: (text) => ({ ...without(response, "structuredContent"), [name]: shape.with(text) ?? text }),
    };
  }
  return undefined;
}

/** Blocks of content: text, and images, which a new text drops. Models refuse a block with an empty text. */
function blocks(list: readonly JsonValue[]): Shape | undefined {
  const isBlock = (value: JsonValue): value is JsonObject =>
    isJsonObject(value) && typeof value["type"] === "string";
  if (list.length === 0 || !list.every(isBlock)) return undefined;
  const texts = list.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  return {
    text: texts.join("\n"),
    with: (text) => [{ type: "text", text: text === "" ? "(no output)" : text }],
  };
}

/**
 * Any other response. JSON with the same members takes its place, as a redacted response is; any other text stands in its first
 * text, and its other texts are emptied.
 */
function asJson(response: JsonValue): Shape {
  return {
    text: JSON.stringify(response, (name, value: unknown) => (isData(name, value) ? CONCEALED : value)),
    with: (text) => inShapeOf(response, parsed(text)) ?? emptied(response, text),
  };
}

/** Stands in the text of a response for the bytes of an image or a document, which are no text to read. */
const CONCEALED = "[data]";

const isData = (name: string, value: unknown): boolean => name === "base64" && typeof value === "string";

/** The value, if it has the same types and members as the original; its concealed members are the original's. */
function inShapeOf(original: JsonValue, value: JsonValue | undefined, name = ""): JsonValue | undefined {
  if (Array.isArray(original)) {
    if (!Array.isArray(value) || value.length !== original.length) return undefined;
    const items = original.map((item, index) => inShapeOf(item, value[index]));
    return items.includes(undefined) ? undefined : (items as JsonValue[]);
  }
  if (isJsonObject(original)) {
    if (!isJsonObject(value) || Object.keys(value).length !== Object.keys(original).length) return undefined;
    const members = Object.entries(original).map(
      ([member, inner]) => [member, inShapeOf(inner, ownMember(value, member), member)] as const,
    );
    return members.some(([, inner]) => inner === undefined)
      ? undefined
      : (Object.fromEntries(members) as JsonObject);
  }
  if (value === CONCEALED && isData(name, original)) return original;
  const isSameType = typeof value === typeof original && (value === null) === (original === null);
  return isSameType ? value : undefined;
}

/** Members whose texts name a sort of response: with another text, the shape would not be the tool's. */
const NAMING: ReadonlySet<string> = new Set(["type", "mode", "status", "kind", "role"]);

/** The response with a text in its first text and none in the others. Undefined without a text, and with bytes in it. */
function emptied(response: JsonValue, text: string): JsonValue | undefined {
  let left: string | undefined = text;
  let hasData = false;
  const changed: unknown = JSON.parse(
    JSON.stringify(response, (name, value: unknown) => {
      hasData ||= isData(name, value);
      if (typeof value !== "string" || NAMING.has(name)) return value;
      const put = left ?? "";
      left = undefined;
      return put;
    }),
  );
  return left === undefined && !hasData ? (changed as JsonValue) : undefined;
}

const ownMember = (value: JsonObject, name: string): JsonValue | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined;

const without = (value: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
