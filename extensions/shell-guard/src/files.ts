import { resolvePath } from "@synaps/guards/paths";
import { join, UNKNOWN, type Redirection, type Value } from "./model.js";
import type { Scope } from "./scope.js";

/** Files of one command line that are kept. */
const MAX_FILES = 64;

/** What a file holds, if the same command line wrote or downloaded it. */
export const contentOf = (path: string, scope: Scope): Value | undefined =>
  scope.files.get(resolvePath(path, scope.cwd, null));

/** Keeps what a command line wrote into a file, so that running the file later is judged by it. */
export function keepContent(path: string, content: Value, scope: Scope, appends = false): void {
  const full = resolvePath(path, scope.cwd, null);
  const before = appends ? scope.files.get(full) : undefined;
  if (scope.files.size < MAX_FILES || scope.files.has(full))
    scope.files.set(full, before ? join(before, content) : content);
}

/** Keeps the output of a program in the files that its standard output goes to. True if it goes to one of them. */
export function keepOutput(redirections: readonly Redirection[], output: Value, scope: Scope): boolean {
  const files = redirections.filter(
    (entry) => entry.writes && entry.isOutput && !entry.target.text.startsWith("/dev/"),
  );
  for (const { target, appends } of files) keepContent(target.text, output, scope, appends);
  return files.length > 0;
}

/** A file that came from a server. */
export const DOWNLOADED: Value = Object.freeze({ ...UNKNOWN, origin: "network" });
