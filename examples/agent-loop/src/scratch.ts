import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Everything that this program writes, below one temporary folder. */
export interface Scratch {
  root: string;
  /** What the model works on. */
  project: string;
  /** Home folder of the model's commands. */
  home: string;
  /** The host's base folder, so that the user's own extensions and settings play no part. */
  base: string;
  auditLog: string;
  /** Safe to call more than once. */
  remove(): void;
}

export function createScratch(): Scratch {
  // Without symbolic links, so that paths compare.
  const root = realpathSync(mkdtempSync(join(tmpdir(), "synaps-agent-loop-")));
  const [project, home, base] = [join(root, "project"), join(root, "home"), join(root, "base")];
  for (const folder of [project, base, join(home, "old-photos")]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, "old-photos", "1998.txt"), "the only copy\n");
  // Tells the host where the project begins.
  writeFileSync(join(project, ".synaps-project"), "");
  writeFileSync(join(project, "README.md"), "# A web shop\n");
  writeFileSync(join(project, ".env"), `PAYMENT_KEY=${fakeKey()}\nDB_NAME=shop\n`);
  return {
    root,
    project,
    home,
    base,
    auditLog: join(root, "audit.jsonl"),
    remove: () => removeAll(root),
  };
}

/** Again and again: an extension that is being killed may still write. */
function removeAll(root: string): void {
  for (let left = 5; left > 0; left -= 1) {
    try {
      return rmSync(root, { recursive: true, force: true, maxRetries: 1 });
    } catch (error) {
      if (left === 1) throw error;
    }
  }
}

/** Looks like the key of a payment service and opens nothing. Made here, so that no scanner finds one in the source. */
function fakeKey(): string {
  return ["sk", "live", randomBytes(18).toString("hex")].join("_");
}
