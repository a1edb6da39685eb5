import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConsentStore } from "@synaps/host/tooling";

/** Extensions of one folder that are looked at. */
const MOST_ENTRIES = 1_000;

/**
 * A text that changes when an extension is added, removed, approved, switched on or off, or gets another manifest. Changes of
 * an extension's code alone do not change it: `synaps-ext reload` takes those over.
 */
export function markOf(baseDir: string, projectExtensions: string | undefined): string {
  const hash = createHash("sha256");
  for (const folder of [join(baseDir, "plugins"), projectExtensions])
    if (folder !== undefined) for (const line of entriesOf(folder)) hash.update(`${line}\n`);
  hash.update(contentOf(new ConsentStore(baseDir).path));
  hash.update(disabledIn(contentOf(join(baseDir, "config"))));
  return hash.digest("hex");
}

function entriesOf(folder: string): string[] {
  try {
    const names = readdirSync(folder).sort().slice(0, MOST_ENTRIES);
    return names.map((name) => `${name} ${timeOf(join(folder, name, ".synaps-plugin", "plugin.json"))}`);
  } catch {
    return [];
  }
}

function timeOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "";
  }
}

/** The lines that switch extensions off; other values are followed by the hosts themselves. */
function disabledIn(text: string): string {
  return text
    .split("\n")
    .filter((line) => line.includes("disabled_plugins"))
    .join("\n");
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
