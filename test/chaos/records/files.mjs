// The files that the run changes, and how each kind of change looks in its file.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const EXTENSION = "setter";
/** @type {readonly ["approve", "config", "extension", "quarantine", "trust"]} */
export const KINDS = ["approve", "config", "extension", "quarantine", "trust"];

const jsonKeys = (member) => (text) =>
  new Set(text === undefined ? [] : Object.keys(JSON.parse(text)[member]));

/** Throws for a line that no writer wrote as a whole. */
function configKeys(text) {
  const keys = new Set();
  for (const line of (text ?? "").split("\n").filter((one) => one !== "")) {
    const [, key, value] = /^(\S+) = value of (\S+)$/.exec(line) ?? [];
    if (key === undefined || key !== value) throw new Error(`a torn line: ${line}`);
    keys.add(key);
  }
  return keys;
}

/** By kind: the file, and the keys of all changes that stand in its text. Throws for a torn file. */
const FILES = {
  approve: { path: "extensions/lock.json", keysIn: jsonKeys("extensions") },
  config: { path: `plugins/${EXTENSION}/config`, keysIn: configKeys },
  extension: { path: `plugins/${EXTENSION}/config`, keysIn: configKeys },
  quarantine: { path: "extensions/quarantine.json", keysIn: jsonKeys("quarantined") },
  trust: { path: "extensions/trust.json", keysIn: jsonKeys("disabled") },
};

/** The kind of a change by its number; every process makes all kinds. */
export function kindOf(process, number) {
  return KINDS[(process + number) % KINDS.length];
}

/** The key that the change of a process leaves in its file. */
export function keyOf(process, number) {
  const key = `p${process}n${number}`;
  return kindOf(process, number) === "approve" || kindOf(process, number) === "quarantine" ? `/${key}` : key;
}

/** Keys of all changes of a kind that stand in the base folder. Throws for a torn file. */
export function keysIn(baseDir, kind) {
  const { path, keysIn: read } = FILES[kind];
  const file = join(baseDir, path);
  return read(existsSync(file) ? readFileSync(file, "utf8") : undefined);
}
