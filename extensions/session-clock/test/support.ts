import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { FrameClient, type Answer } from "../../audit-log/test/support/frame-client.js";

export const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "..");

const works = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
export const hasPython = works("python3");
export const hasGit = works("git");

export function startClock(env: NodeJS.ProcessEnv = {}): FrameClient {
  const client = new FrameClient({ command: "python3", args: ["main.py"], cwd: FOLDER, env });
  onTestFinished(() => client.kill());
  return client;
}

/** A clock that has answered `initialize`. */
export async function clockWith(
  config: Record<string, unknown>,
  env?: NodeJS.ProcessEnv,
): Promise<FrameClient> {
  const client = startClock(env);
  await client.initialize(1, config);
  return client;
}

/** What an answer injects, or undefined when it continues. */
export function injected(answer: Answer): string | undefined {
  return (answer.result as { content?: string } | undefined)?.content;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "session-clock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function git(folder: string, ...args: string[]): void {
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.org",
    "-c",
    "commit.gpgsign=false",
  ];
  execFileSync("git", [...identity, "-c", "init.defaultBranch=main", ...args], {
    cwd: folder,
    stdio: "pipe",
  });
}

/** The lines about the work tree that a session starts with. */
export async function describeProject(
  config: Record<string, unknown>,
  env?: NodeJS.ProcessEnv,
): Promise<string[]> {
  const client = await clockWith(config, env);
  const text = injected(await client.hook("on_session_start", { session_id: "s" })) ?? "";
  return text.split("\n").slice(1);
}

/** A repository with one commit. */
export function repository(subject: string): string {
  const folder = temporaryFolder();
  git(folder, "init", "--quiet");
  writeFileSync(join(folder, "a.txt"), "a");
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "-m", subject);
  return folder;
}
