import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the benchmark. */
export const BENCH = fileURLToPath(new URL("..", import.meta.url));
export const ROOT = join(BENCH, "..", "..");
export const RESULTS = join(BENCH, "results.json");
export const BASELINE = join(BENCH, "guard-baseline.json");

export const child = (name) => join(BENCH, "contestants", "children", name);

/**
 * What every child of every contestant gets, as the host gives it to extensions: a variable such as
 * NODE_EXTRA_CA_CERTS would double the start of a bare `node` that inherits it.
 */
export const CHILD_ENV = Object.fromEntries(
  ["PATH", "HOME", "LANG", "TERM", "TMPDIR"].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  ),
);

const made = [];

/** A folder of its own that is gone when the process ends. */
export function scratch(name) {
  if (made.length === 0)
    process.on("exit", () => made.forEach((one) => rmSync(one, { recursive: true, force: true })));
  const folder = mkdtempSync(join(tmpdir(), `synaps-bench-${name}-`));
  made.push(folder);
  return folder;
}
