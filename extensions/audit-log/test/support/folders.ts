import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { queryAudit } from "@synaps/audit";
import { onTestFinished } from "vitest";
import { FrameClient } from "./frame-client.js";

const MAIN = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "dist", "main.js");

export interface Line {
  event: string;
  seq: number;
  metadata: Record<string, unknown>;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "audit-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** All records of all files in a folder, without the lines of the log itself. Torn lines are passed over. */
export async function recordsIn(folder: string): Promise<Line[]> {
  const lines: Line[] = [];
  await queryAudit(folder, {}, (line) => lines.push(line));
  return lines.filter(({ event }) => !event.startsWith("audit_"));
}

/** The built extension as a real child, after some shell commands if needed; killed after the test if it lives. */
export function startExtension(root: string, before = ""): FrameClient {
  if (!existsSync(MAIN)) throw new Error("build the extension first: node scripts/bundle.mjs");
  const start = before
    ? { command: "sh", args: ["-c", `${before}exec "$0" "$1"`, process.execPath, MAIN] }
    : { command: process.execPath, args: [MAIN] };
  const client = new FrameClient({ ...start, cwd: root });
  onTestFinished(() => client.kill());
  return client;
}
