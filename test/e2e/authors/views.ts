import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHost, findHosts, type LogFields } from "@synaps/host";
import { transformSync } from "esbuild";
import { CLI, repo } from "../../helpers/paths.js";
import { until } from "../../helpers/wait.js";
import type { Mistake } from "./mistakes.js";

/** One message about a mistake, as somebody sees it. */
export interface Note {
  what: string;
  why: string;
  do: string;
  evidence: string;
}

export type View = "user" | "author" | "embedder";
/** All messages that one person sees, by extension. */
export type Notes = ReadonlyMap<string, Note[]>;

/** Seconds until an extension is given up: a silent one soon, the others not even on a very busy machine. */
const PATIENCE_S = { silent: 20, extensions: 150 } as const;
const FOLDERS = ["extensions", "silent"] as const;
/** Longest time until each extension runs or is given up. */
const SETTLED_MS = 200_000;
/** Times that an event is raised: after three deadlines an extension counts as hung. */
const EVENTS = 3;

/** Copies the fixtures as an author has them: with the SDK installed, TypeScript built; silent ones apart. */
export function copyFixtures(folder: string, mistakes: readonly Mistake[]): void {
  mkdirSync(join(folder, "node_modules", "@synaps"), { recursive: true });
  symlinkSync(repo("packages/sdk"), join(folder, "node_modules", "@synaps", "sdk"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  for (const { id, moment } of mistakes) {
    const root = join(folder, moment === "silence" ? "silent" : "extensions", id);
    cpSync(repo(`test/fixtures/authors/${id}`), root, { recursive: true });
    cpSync(repo("test/fixtures/authors/kit"), root, { recursive: true });
    const manifest = readFileSync(join(root, ".synaps-plugin", "plugin.json"), "utf8");
    const source = join(root, "main.ts");
    if (!existsSync(source) || !manifest.includes('"main.js"')) continue;
    const { code } = transformSync(readFileSync(source, "utf8"), { loader: "ts", format: "esm" });
    writeFileSync(join(root, "main.js"), code);
  }
}

function eventsFor(mistakes: readonly Mistake[]): object[] {
  return mistakes
    .filter(({ moment }) => moment === "event")
    .map(({ id }) => ({ kind: "before_tool_call", tool_name: id, tool_input: { command: "ls" } }));
}

/** Runs the command to its end. One run serves many tests, so that nothing of it ends with a test. */
async function command(
  args: readonly string[],
  baseDir: string,
  input: () => string | Promise<string> = () => "",
): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, SYNAPS_BASE_DIR: baseDir, NO_COLOR: "1" },
  });
  const ended = once(child, "close");
  const output = Promise.all([text(child.stdout), text(child.stderr), ended]);
  try {
    child.stdin.end(await input());
  } catch (error) {
    child.kill();
    throw error;
  }
  const [stdout, stderr, [code]] = await output;
  return { stdout, stderr, code: code as number | null };
}

/** What `synaps-ext run` prints to standard error, and nothing else. */
export async function userView(
  folder: string,
  baseDir: string,
  mistakes: readonly Mistake[],
): Promise<Notes> {
  const events = Array.from({ length: EVENTS }, () => eventsFor(mistakes)).flat();
  const input = async (): Promise<string> => {
    await settled(baseDir);
    return events.map((event) => `${JSON.stringify(event)}\n`).join("");
  };
  const folders = FOLDERS.flatMap((name) => ["--extensions-dir", join(folder, name)]);
  const { stderr } = await command(["run", ...folders, "--concurrency", "64", "--control"], baseDir, input);
  return notesIn(stderr, folder, mistakes);
}

/** Resolves when no extension of the host on this folder is starting any more. */
async function settled(baseDir: string): Promise<void> {
  const isOver = ({ state }: { state: string }): boolean => state !== "loaded" && state !== "starting";
  await until(
    "each extension runs or is given up",
    async () => {
      const [host] = findHosts(baseDir);
      const extensions = (await host?.status().catch(() => undefined))?.extensions ?? [];
      return extensions.length > 0 && extensions.every(isOver);
    },
    { patienceMs: SETTLED_MS, everyMs: 250 },
  );
}

/** What `synaps-ext validate --start` prints, and its exit codes. */
export async function authorView(
  folder: string,
  baseDir: string,
  mistakes: readonly Mistake[],
): Promise<{ notes: Notes; codes: (number | null)[] }> {
  const all = await Promise.all(
    FOLDERS.map((name) =>
      command(
        ["validate", join(folder, name), "--start", "--timeout", String(PATIENCE_S[name])],
        join(baseDir, name),
      ),
    ),
  );
  const text = all.map(({ stdout }) => stdout).join("");
  return { notes: notesIn(text, folder, mistakes), codes: all.map(({ code }) => code) };
}

/** What a program's logger and snapshot tell. */
export async function embedderView(
  folder: string,
  baseDir: string,
  mistakes: readonly Mistake[],
): Promise<Notes> {
  const notes = new Map<string, Note[]>(mistakes.map(({ id }) => [id, []]));
  const note = (message: string, fields: LogFields = {}): void => {
    const { extension, reason, hint, evidence } = fields;
    const whole = reason == null ? message : `${message}: ${String(reason)}`;
    if (typeof extension === "string")
      notes.get(extension)?.push(noteOf(whole, String(hint ?? ""), String(evidence ?? ""), folder));
  };
  const logger = { debug() {}, info() {}, warn: note, error: note };
  const oneHost = async (name: (typeof FOLDERS)[number]): Promise<void> => {
    const limits = { handshakeMs: PATIENCE_S[name] * 1_000, startMs: 200_000 };
    const options = { folders: [join(folder, name)], baseDir: join(baseDir, name), logger, limits };
    const host = createHost(options);
    try {
      await host.start();
      for (const { id, diagnostics } of host.snapshot().extensions)
        for (const { message, hint = "", evidence = "", pointer } of diagnostics)
          if (pointer !== "") notes.get(id)?.push(noteOf(`${pointer}: ${message}`, hint, evidence, folder));
      for (let round = 0; round < EVENTS && name === "extensions"; round += 1)
        await Promise.all(eventsFor(mistakes).map((event) => host.emit(event as never)));
    } finally {
      await host.stop();
    }
  };
  await Promise.all(FOLDERS.map(oneHost));
  for (const [id, all] of notes)
    notes.set(
      id,
      all.filter((one) => !isRepeated(one, all)),
    );
  return notes;
}

/** True for a line of the log that a diagnostic says too, together with its place in the manifest. */
function isRepeated({ what, why }: Note, all: readonly Note[]): boolean {
  return all.some((other) => other.why === (why === "" ? what : `${what}: ${why}`));
}

/** Reads messages back from the text of a command: a line each, then what was found and a hint. */
function notesIn(text: string, folder: string, mistakes: readonly Mistake[]): Notes {
  const notes = new Map<string, Note[]>(mistakes.map(({ id }) => [id, []]));
  for (const block of text.split(/\n(?! {2}(?:found|hint): )/)) {
    const [first = "", ...more] = block.split("\n");
    const [, place = "", message = ""] = /^(?:(\S+) {2})?(?:error|warn) {2}(.*)$/.exec(first) ?? [];
    const id = mistakes.find((one) => new RegExp(`(?:[/']|^)${one.id}[/':]`).test(`${place} ${message}`))?.id;
    if (id === undefined || message === "") continue;
    const line = (name: string): string =>
      more.find((one) => one.startsWith(`  ${name}: `))?.slice(`  ${name}: `.length) ?? "";
    const pointer = /plugin\.json:(\/\S+)$/.exec(place)?.[1];
    const own = message
      .replace(`${id}: `, "")
      .replace(/^(extension crashed) \(reason: (.*); next: \w+\)$/, "$1: $2");
    const whole = pointer === undefined ? own : `${pointer}: ${own}`;
    notes.get(id)?.push(noteOf(whole, line("hint"), line("found"), folder));
  }
  return notes;
}

/** Without paths of this machine, lengths that depend on them, times, and words that a runtime's version decides. */
function noteOf(message: string, hint: string, evidence: string, folder: string): Note {
  const plain = (text: string): string =>
    text
      .replaceAll(join(folder, "extensions"), "<folder>")
      .replaceAll(join(folder, "silent"), "<folder>")
      .replace(/last on stderr: .*$/, (words) => `last on stderr: ${errorName(words)}`)
      .replace(/(initialize was not answered \D*)\d+ (m?s)\b/g, "$1<n> $2")
      .replace(/(exited with code) \d+/g, "$1 <n>")
      .replace(/Content-Length: \d+/g, "Content-Length: <n>");
  const [what = "", ...why] = message.split(": ");
  return { what: plain(what), why: plain(why.join(": ")), do: plain(hint), evidence: plain(evidence) };
}

function errorName(words: string): string {
  return /\b(\w*(?:Error|Exception))\b/.exec(words)?.[1] ?? "…";
}
