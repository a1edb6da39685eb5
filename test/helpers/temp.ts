import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A fresh folder that is removed after the test. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "synaps-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

/** Writes an extension folder with the given `extension` section and files, and returns its path. Scripts may be run. */
export function writeExtension(
  parent: string,
  id: string,
  extension: Record<string, unknown> | string,
  files: Readonly<Record<string, string>> = {},
): string {
  const root = join(parent, id);
  const manifest = typeof extension === "string" ? extension : { name: id, version: "1.0.0", extension };
  writeJson(join(root, ".synaps-plugin", "plugin.json"), manifest);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content, { mode: content.startsWith("#!") ? 0o755 : 0o644 });
  }
  return root;
}
