import { basename } from "node:path";
import { resolvePath, UnclearPath } from "@synaps/guards/paths";

/** The longest path that Linux takes. */
const MAX_BYTES = 4_096;
/** A variable of the environment as a folder, whose value only the tool knows; `$id` is a name of a web framework. */
const VARIABLE =
  /^\s{0,8}(?!\$\{?HOME\b|%USERPROFILE%)(?:\$[A-Z][A-Z_]+|\$\{\w+[^}/]{0,64}\}|%[A-Z_]+%|\$env:\w+)(?=[/\\])/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The absolute paths that a text of a tool's input may stand for, the most literal first: tools differ in what they strip, expand
 * and take for a separator. Throws UnclearPath for what is no path at all.
 */
export function spellingsOf(text: string, folder: string, home: string | null): string[] {
  if (text.includes("\0")) throw new UnclearPath("it holds a NUL character");
  if (LONE_SURROGATE.test(text)) throw new UnclearPath("it is no valid text");
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES)
    throw new UnclearPath(`it is longer than ${MAX_BYTES} bytes`);
  if (VARIABLE.test(text)) throw new UnclearPath("it begins with a variable");
  const literal = /^file:/i.test(text.trim()) ? pathOfUrl(text.trim()) : text;
  const texts = new Set([literal]);
  const trimmed = literal.trim().replace(/^(["'])(.*)\1$/s, "$2");
  texts.add(trimmed);
  // The sign that marks a file in a prompt.
  if (/^@[^/]|^@\//.test(trimmed)) texts.add(trimmed.slice(1));
  for (const one of Array.from(texts)) {
    const expanded = one.replace(/^(?:\$HOME|\$\{HOME\}|%USERPROFILE%|\$env:USERPROFILE)(?=[/\\]|$)/i, "~");
    texts.add(expanded);
    // Other names of the root and of the folder of a process: what they are for the guard says nothing about the agent.
    if (expanded.startsWith("/proc/")) texts.add(ofProcess(expanded, folder));
    if (/\\|^[A-Za-z]:/.test(expanded)) texts.add(ofWindows(expanded));
  }
  return [...new Set([...texts].filter((one) => one !== "").map((one) => absolute(one, folder, home)))];
}

function absolute(text: string, folder: string, home: string | null): string {
  const user = /^~([^/]+)(?=\/|$)/.exec(text)?.[1];
  if (user === undefined || !/^[\w.-]+$/.test(user)) return resolvePath(text, folder, home);
  const rest = text.slice(user.length + 1);
  if (user === "root") return resolvePath(`/root${rest}`, "/", home);
  return resolvePath(
    home !== null && user === basename(home) ? `~${rest}` : `/home/${user}${rest}`,
    "/",
    home,
  );
}

function ofProcess(path: string, folder: string): string {
  const [, place, rest = ""] = /^\/proc\/+[^/]+(?:\/+task\/+[^/]+)?\/+(root|cwd)(\/.*)?$/s.exec(path) ?? [];
  if (place === undefined) return path;
  return place === "root" ? `/${rest}` : `${folder}${rest}`;
}

function pathOfUrl(url: string): string {
  const path = /^file:(?:\/\/(?:localhost)?(?=\/))?(\/(?!\/).*)$/is.exec(url)?.[1];
  if (path === undefined) throw new UnclearPath("its address names another machine");
  const [plain = ""] = path.split(/[?#]/, 1);
  try {
    const decoded = decodeURIComponent(plain);
    if (!decoded.includes("\0")) return decoded;
  } catch {
    // A wrong encoding is as bad as a NUL.
  }
  throw new UnclearPath("its address cannot be decoded");
}

/** Separators, drives, streams, and the dots and blanks at the end of names that Windows drops. */
const ofWindows = (text: string): string =>
  text
    .replace(/\\/g, "/")
    .replace(/^\/\/[?.]\//, "")
    .replace(/^[A-Za-z]:(?=\/|$)/, "")
    .replace(/^[A-Za-z]:/, "")
    .split("/")
    .map((part) => (/^\.{1,2}$/.test(part) ? part : part.replace(/(?:::?\$?[A-Za-z]+)?[. ]{0,16}$/, "")))
    .join("/");
