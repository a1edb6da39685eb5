import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { servicePlaces } from "@synaps/service";
import type { Surroundings } from "@synaps/service/wiring";
import { onTestFinished } from "vitest";
import { place, wiredWith } from "./place.js";

/** The end of a hook, as its agent sees it. */
export interface HookEnd {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A question as the service gets it. */
export interface Question {
  url: string;
  bytes: number;
}

export type Answerer = (question: Question, response: ServerResponse, request: IncomingMessage) => void;

/** The programs that run the hook: each shell of the machine, and Node where there is no curl. */
export const RUNNERS = [
  ...["dash", "bash", "busybox"].filter((shell) =>
    (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(join(folder, shell))),
  ),
  "node",
];

/** A wired agent and a folder for the socket, with a way to start its hook. */
export async function wiredHook(runner: string) {
  const surroundings = place();
  const bare = join(surroundings.home, "no-programs");
  mkdirSync(bare);
  const env = { PATH: runner === "node" ? bare : (process.env["PATH"] ?? "") };
  const { hook } = await wiredWith({ ...surroundings, env }, "codex");
  const places = servicePlaces(surroundings.baseDir);
  mkdirSync(places.folder, { recursive: true, mode: 0o700 });
  const line =
    runner === "node" ? ["/bin/sh", hook] : [...(runner === "busybox" ? ["busybox", "ash"] : [runner]), hook];
  // Where there is no curl, the hook is begun by a shell that finds no program at all.
  const run = (
    mode: string,
    event = "PreToolUse",
    input: string | Buffer = "{}",
    more: Record<string, string> = {},
  ) => ended(line, ["codex", event, mode], input, { ...env, HOME: surroundings.home, ...more });
  return { surroundings, places, log: join(dirname(hook), "hook.log"), run };
}

/** Starts a program with an environment of its own, and waits for its end. */
export async function ended(
  [program = "", ...first]: readonly string[],
  args: readonly string[],
  input: string | Buffer,
  env: Readonly<Record<string, string>>,
): Promise<HookEnd> {
  const child = spawn(program, [...first, ...args], { env });
  child.stdin.on("error", () => {}); // It may end before it read everything.
  child.stdin.end(input);
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** A service of a few lines at the place of the real one: it speaks HTTP over the socket, and says what the test wants. */
export async function answering({ baseDir }: Surroundings, answer: Answerer): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => void (bytes += chunk.length));
    request.on("end", () => answer({ url: request.url ?? "", bytes }, response, request));
  });
  server.listen(servicePlaces(baseDir).socket);
  await once(server, "listening");
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  onTestFinished(stop);
  return stop;
}
