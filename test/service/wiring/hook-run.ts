import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
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

const PATH = process.env["PATH"] ?? "";

function found(program: string): string | undefined {
  return PATH.split(":")
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

/** Programs that run the hook: each shell of the machine with perl, one with curl, and Node where there is neither. */
export const RUNNERS = [
  ...["dash", "bash", "busybox"].filter(found).map((shell) => `${shell} and perl`),
  "sh and curl",
  "node",
];

/** A wired agent and a folder for the socket, with a way to start its hook. */
export async function wiredHook(runner: string, agent: "codex" | "claude-code" = "codex") {
  const surroundings = place();
  const [shell = "", client] = runner.split(" and ");
  const programs = join(surroundings.home, "programs");
  mkdirSync(programs);
  if (client !== undefined) symlinkSync(found(client) ?? "", join(programs, client));
  const { hook } = await wiredWith({ ...surroundings, env: { PATH: programs } }, agent);
  // Without a client, the hook is begun by a shell that finds no program at all.
  const env = { PATH: client === undefined ? programs : PATH };
  const places = servicePlaces(surroundings.baseDir);
  mkdirSync(places.folder, { recursive: true, mode: 0o700 });
  const begin = shell === "node" ? ["/bin/sh"] : shell === "busybox" ? ["busybox", "ash"] : [shell];
  const line = [...begin, hook];
  const run = (
    mode: string,
    event = "PreToolUse",
    input: string | Buffer = "{}",
    more: Record<string, string> = {},
  ) => ended(line, [agent, event, mode], input, { ...env, HOME: surroundings.home, ...more });
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
