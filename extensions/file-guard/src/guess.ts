import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { CONTENT_KEYS, CWD_KEYS, plainKey, TEXT_KEYS } from "./input-keys.js";

const MAX_GUESSES = 200;
const MAX_DEPTH = 8;
const MAX_VALUES = 5_000;
const MAX_PATH_CHARS = 4_096;
const MAX_JSON_CHARS = 1_000_000;
/** A text that can hardly be anything but a path, or climbs out of a folder, or names a hidden file. */
const PATH =
  /^[\s"'@]{0,4}(?:[/~\\]|file:|[A-Za-z]:[\\/]|\$\{?HOME\b|%USERPROFILE%)|[/\\]\.{1,2}[\w/\\]|^\.{1,2}[\w-]{0,64}[/\\]/i;

/** An address elsewhere. */
const URL = /^\s{0,4}(?!file:)[a-z][a-z0-9+.-]{1,20}:\/\//i;

/** What an input may name beside the paths that its keys tell. */
export interface Guesses {
  readonly texts: readonly string[];
  /** False if the input has too much to look at. */
  readonly isWhole: boolean;
}

/**
 * The texts of an input that look like paths, under any key but those of contents and commands, also as keys and in JSON that is
 * written as a text: tools call the same thing `path`, `location` and `out`. Never throws, and takes a time linear in the input.
 */
export function guessedPaths(input: JsonValue): Guesses {
  const texts = new Set<string>();
  let values = 0;
  let isWhole = true;

  const look = (value: JsonValue, depth: number): void => {
    values += 1;
    if (depth > MAX_DEPTH || values > MAX_VALUES || texts.size > MAX_GUESSES) isWhole = false;
    else if (typeof value === "string") lookAtText(value, depth);
    else if (Array.isArray(value)) for (const one of value) look(one, depth + 1);
    else if (isJsonObject(value)) {
      for (const [name, one] of Object.entries(value)) {
        const key = plainKey(name);
        if (CONTENT_KEYS.has(key) && (typeof one === "string" || key !== "data")) continue;
        if (typeof one === "string" && (TEXT_KEYS.has(key) || CWD_KEYS.has(key))) continue;
        if (isPath(name)) texts.add(name);
        if (isWhole) look(one, depth + 1);
      }
    }
  };
  const lookAtText = (text: string, depth: number): void => {
    const inner = jsonOf(text);
    if (inner !== undefined) look(inner, depth + 1);
    else if (isPath(text)) texts.add(text);
  };

  look(input, 0);
  return { texts: [...texts].slice(0, MAX_GUESSES), isWhole };
}

const isPath = (text: string): boolean =>
  text.length <= MAX_PATH_CHARS && PATH.test(text) && !URL.test(text) && !/[\r\n]\s*\S/.test(text);

function jsonOf(text: string): JsonValue | undefined {
  if (text.length > MAX_JSON_CHARS || !/^\s{0,64}[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
