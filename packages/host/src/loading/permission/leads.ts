import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";

/** A word of a manifest that starts a program, or that is handed to one and may name a file of code. */
export interface Lead {
  kind: "program" | "argument";
  word: string;
}

/**
 * Every word of a manifest that may lead to a file that runs: of the extension itself, its setup, its sidecar, its
 * commands and its keys. Reads whatever stands there and checks no form, so that also a manifest that breaks a rule is
 * covered whole. Code in an argument (as after `-e`) is covered with the manifest; paths in it lead to files.
 */
export function leadsOf(manifest: JsonValue | undefined): Lead[] {
  const extension = member(manifest, "extension");
  const sidecar = member(member(manifest, "provides"), "sidecar");
  const started = [extension, sidecar, ...items(member(manifest, "commands"))];
  const scripts = [
    member(extension, "setup"),
    member(sidecar, "setup"),
    ...items(member(manifest, "keybinds")).map((bind) => member(bind, "script")),
  ];
  return [
    ...started.flatMap((one) => words(member(one, "command"), "program")),
    ...started.flatMap((one) => items(member(one, "args"))).flatMap((one) => words(one, "argument")),
    ...scripts.flatMap((one) => words(one, "argument")),
  ];
}

/**
 * The parts of an argument that may name a file: the whole, what stands behind an equals sign, a colon or a comma (as in
 * `--require=../a.js`) or an at sign (`@../a.txt`), behind a short option that is glued to it (`-r../a.js`), the path of a
 * `file:` address, and in code each word with a slash (as in `. ../a.sh && make`).
 */
export function pathsIn(word: string): string[] {
  const found = new Set([word]);
  if (/^-[A-Za-z]/.test(word)) found.add(word.slice(2));
  for (const part of word.split(/[=,;]|:(?!\/\/)/)) found.add(part);
  if (word.startsWith("@")) found.add(word.slice(1));
  for (const part of word.split(/[\s"'`()[\]{}<>|&,;=]+/)) if (part.includes("/")) found.add(part);
  for (const one of found) if (one.startsWith("file:")) found.add(pathOfUrl(one));
  const url = word.indexOf("file://");
  if (url >= 0) found.add(pathOfUrl(word.slice(url)));
  found.delete("");
  return [...found].filter((path) => !path.includes("\0"));
}

function pathOfUrl(text: string): string {
  try {
    return decodeURIComponent(new URL(text).pathname);
  } catch {
    return "";
  }
}

function words(value: JsonValue | undefined, kind: Lead["kind"]): Lead[] {
  return typeof value === "string" && value.trim() !== "" ? [{ kind, word: value.trim() }] : [];
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function items(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
