import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { repo } from "./paths.js";
import { tempDir } from "./temp.js";

/** An extension's folder as an author has it, outside of this workspace: its files, and the SDK installed. */
export function authorFolder(files: Readonly<Record<string, string | object>>): string {
  const folder = join(tempDir(), "mine");
  mkdirSync(join(folder, "node_modules", "@synaps"), { recursive: true });
  symlinkSync(repo("packages/sdk"), join(folder, "node_modules", "@synaps", "sdk"), "dir");
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(
      join(folder, name),
      typeof content === "string" ? content : JSON.stringify(content, null, 2),
    );
  }
  return folder;
}

/** A manifest that subscribes to these kinds and starts `main.mjs`. */
export function manifestFor(kinds: readonly string[], extra: object = {}): object {
  const hooks = kinds.map((hook) => ({ hook }));
  const permissions = [
    "tools.intercept",
    "tools.transform_output",
    "privacy.llm_content",
    "session.lifecycle",
  ];
  const section = { protocol_version: 3, runtime: "process", command: "node", args: ["main.mjs"], hooks };
  return { name: "mine", version: "1.0.0", extension: { ...section, permissions, ...extra } };
}

/** Runs a program of the folder to its end, with what stands on its standard input. */
export function runProgram(
  folder: string,
  { name = "main.mjs", input = "", args }: { name?: string; input?: string; args?: readonly string[] } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, args ?? [name], { cwd: folder });
  onTestFinished(() => void child.kill("SIGKILL"));
  const seen = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (seen.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (seen.stderr += text));
  child.stdin.end(input);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...seen })));
}
