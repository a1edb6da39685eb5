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

const made = [];

/** A folder of its own that is gone when the process ends. */
export function scratch(name) {
  if (made.length === 0) process.on("exit", () => made.forEach((one) => rmSync(one, { recursive: true, force: true })));
  const folder = mkdtempSync(join(tmpdir(), `synaps-bench-${name}-`));
  made.push(folder);
  return folder;
}
