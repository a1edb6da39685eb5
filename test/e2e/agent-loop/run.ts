import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { marked } from "../../helpers/marked.js";
import { repo } from "../../helpers/paths.js";

export const MAIN = repo("examples/agent-loop/dist/main.js");

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Where this run kept its files. */
  scratch: string;
  /** What every process of it had as TERM. */
  mark: string;
  /** Command lines of processes that outlived it. */
  left: string[];
}

export interface RunOptions {
  main?: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Sends SIGINT as soon as this stands in the output. */
  interruptAt?: string;
  /** Sends it once more at once. */
  twice?: boolean;
}

/** Runs the example as a user does, and waits for its end. */
export async function runExample({
  main = MAIN,
  args = [],
  env = {},
  interruptAt,
  twice,
}: RunOptions = {}): Promise<Finished> {
  // Every process below it gets TERM, so this finds those that stay.
  const mark = `agent-loop-${randomUUID()}`;
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...inherited, ...env, TERM: mark },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let interrupted = false;
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (interruptAt === undefined || interrupted || !stdout.includes(interruptAt)) return;
    interrupted = true;
    child.kill("SIGINT");
    if (twice) child.kill("SIGINT");
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const scratch = /\/\S*synaps-[a-z-]+-\w{6}/.exec(stdout)?.[0] ?? "";
  return { code, stdout, stderr, scratch, mark, left: marked(mark) };
}
