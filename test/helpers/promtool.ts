import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { debianPackages } from "./debian-packages.js";

/**
 * Path of Prometheus' own checker: the installed one, or the one of the Debian package `prometheus`. Undefined where there
 * is neither.
 */
export function promtool(): string | undefined {
  if (spawnSync("promtool", ["--version"]).status === 0) return "promtool";
  const place = debianPackages("promtool", ["prometheus"]);
  return place && join(place, "usr", "bin", "promtool");
}

/** Complaints of the checker about a text; empty for a text that is right. */
export function complaints(path: string, text: string): string {
  const { status, stdout, stderr } = spawnSync(path, ["check", "metrics"], { input: text, encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}` || `it ended with ${status}`;
}
