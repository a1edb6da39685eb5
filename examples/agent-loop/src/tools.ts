import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { RunTool } from "./loop.js";

export interface ToolsOptions {
  project: string;
  /** Home folder of the commands. */
  home: string;
  signal: AbortSignal;
}

const COMMAND_TIMEOUT_MS = 10_000;
const MAX_OUTPUT_CHARS = 100_000;

/** Three tools that really do what they are asked for, inside one folder. */
export function createTools({ project, home, signal }: ToolsOptions): RunTool {
  const tools: Record<string, (input: JsonObject) => Promise<string>> = {
    bash: ({ command }) => run(text(command, "command"), project, home, signal),
    read_file: ({ path }) => readFile(within(project, text(path, "path")), "utf8"),
    async write_file({ path, content }) {
      const file = within(project, text(path, "path"));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text(content, "content"));
      return `wrote ${relative(project, file)}`;
    },
  };
  return async (name, input) => {
    const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
    if (!tool) return { output: `There is no tool '${name}'.`, isError: true };
    try {
      return { output: await tool(asObject(input)), isError: false };
    } catch (error) {
      return { output: error instanceof Error ? error.message : String(error), isError: true };
    }
  };
}

/** Extensions fail open, so what must never happen is prevented here. */
function within(project: string, path: string): string {
  const file = resolve(project, path);
  if (!file.startsWith(project + sep)) throw new Error(`${path} is outside of the project.`);
  return file;
}

/** The command's output, whatever its exit code; that is told at the end, as in a terminal. */
function run(command: string, cwd: string, home: string, signal: AbortSignal): Promise<string> {
  const env = { PATH: process.env["PATH"], LANG: process.env["LANG"], TERM: process.env["TERM"], HOME: home };
  return new Promise((done, fail) => {
    const child = spawn("bash", ["-c", command], {
      cwd,
      env,
      signal,
      timeout: COMMAND_TIMEOUT_MS,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (chunk: string): void => {
      output = (output + chunk).slice(0, MAX_OUTPUT_CHARS);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("error", fail);
    child.once("close", (code, killed) => {
      if (code === 0) done(output);
      else fail(new Error(`${output}[ended with ${killed ?? `exit code ${code}`}]`));
    });
  });
}

function asObject(input: JsonValue): JsonObject {
  return typeof input === "object" && input !== null && !Array.isArray(input) ? input : {};
}

function text(value: JsonValue | undefined, name: string): string {
  if (typeof value === "string") return value;
  throw new Error(`The input needs a text '${name}'.`);
}
