import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PAGES, type Page } from "./pages.js";

/** One thing that the reader of a page does: a command, or a file that is saved. */
export interface Step {
  /** Line of the page on which it begins. */
  line: number;
  /** As the shell gets it. */
  text: string;
  /** Name of the file, when the step saves one. */
  saves?: string;
}

export interface Ran extends Step {
  /** Exit codes of commands that failed. A command before `||` or after `if` does not count. */
  failed: number[];
  /** Standard output and standard error together. */
  output: string;
  /** Why the step did not hold; empty when it did what the page says. */
  wrong: string;
}

/** A new user's home and an empty folder. */
export interface Place {
  home: string;
  folder: string;
  /** The clone that the page speaks of. */
  clone: string;
  env: Record<string, string>;
  /** User and group that follow the page; without them, whoever runs this. */
  uid?: number;
  gid?: number;
}

export interface FollowOptions {
  /** Called with a function that ends whatever still runs. */
  onStart?: (end: () => void) => void;
  /** What `INSTALL` did, in a folder of the same depth: it is copied where a step says it. Without it, npm installs. */
  installed?: Installed;
}

/** What a command left in an empty folder, and a file with what it printed. */
export interface Installed {
  folder: string;
  output: string;
}

/** Nearly every page begins with it, some with less said. */
export const INSTALL = 'npm install "$CLONE"/artifacts/*.tgz\n';
const INSTALLS = [INSTALL, INSTALL.replace("install", "install --no-audit --no-fund")];

const BLOCK = /(?:^<!-- (?:file|example): (\S+) -->\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm;

/** The steps of a page in its order: each command, and each file that the page shows under its name. */
export function stepsOf(text: string): Step[] {
  return [...text.matchAll(BLOCK)].flatMap((found): Step[] => {
    const [whole, saves, language, code = ""] = found;
    const fence = found.index + whole.indexOf("```");
    const line = text.slice(0, fence).split("\n").length + 1;
    if (saves === undefined) return language === "sh" ? commandsOf(code, line) : [];
    const write = `mkdir -p "$(dirname '${saves}')"\ncat > '${saves}' <<'END OF FILE'\n${code}END OF FILE\n`;
    return [{ line, text: write, saves }];
  });
}

/** Splits a block into its commands, which may go over several lines. */
function commandsOf(block: string, first: number): Step[] {
  const steps: Step[] = [];
  let lines: string[] = [];
  for (const [at, line] of block.split("\n").entries()) {
    if (line === "" && lines.length === 0) continue;
    lines.push(line);
    const text = lines.join("\n");
    if (line.endsWith("\\") || spawnSync("bash", ["-n", "-c", text]).status !== 0) continue;
    steps.push({ line: first + at - lines.length + 1, text: `${text}\n` });
    lines = [];
  }
  if (lines.length > 0) throw new Error(`line ${first}: a command without an end:\n${lines.join("\n")}`);
  return steps;
}

/**
 * Runs steps one after the other in one shell, as somebody does who follows a page: a folder that was entered and a
 * variable that was set are there in the next step, and a command that fails ends nothing.
 */
export async function runSteps(
  place: Place,
  steps: readonly Step[],
  options: FollowOptions = {},
): Promise<Ran[]> {
  if (steps.length === 0) return [];
  const { installed } = options;
  const run = ({ text }: Step): string =>
    installed && INSTALLS.includes(text)
      ? `cp -a '${installed.folder}/.' . && cat '${installed.output}'\n`
      : text;
  const script = steps.map((step, index) => `printf '\n@@step ${index}\n'\n${run(step)}`).join("\n");
  const path = join(place.home, "..", "page.sh");
  const failures = 'trap \'printf "\\n@@failed %s\\n" "$?"\' ERR\nset -o pipefail\n';
  writeFileSync(path, `exec 2>&1\n${failures}${script}\nprintf '\n@@end\n'\n`);
  const { uid, gid } = place;
  const child = spawn("bash", [path], {
    cwd: place.folder,
    env: place.env,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  let over = false;
  const end = (): void => {
    if (over || child.pid === undefined) return;
    over = true;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // All of it ended.
    }
  };
  options.onStart?.(end);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child, "close");
  end();
  const parts = output.split(/\n@@(?:step \d+|end)\n/);
  if (parts.length !== steps.length + 2) throw new Error(`the page came to an early end:\n${output}`);
  return steps.map((step, index) => {
    const shown = parts[index + 1] ?? "";
    const failed = [...shown.matchAll(/\n@@failed (\d+)\n/g)].map(([, code]) => Number(code));
    const wrong = failed.length > 0 ? `exit code ${failed.join(", ")}` : "";
    return { ...step, failed, wrong, output: shown.replaceAll(/\n@@failed \d+\n/g, "") };
  });
}

/** Follows one of `PAGES` from its first command to its last, and compares what is shown with what is promised. */
export async function followPage(
  page: keyof typeof PAGES,
  place: Place,
  options: FollowOptions = {},
): Promise<Ran[]> {
  const { inClone = [], shows }: Page = PAGES[page];
  const steps = stepsOf(readFileSync(join(place.clone, page), "utf8"));
  const isInClone = ({ text }: Step): boolean => inClone.includes(text.trim());
  const ran = [
    ...(await runSteps({ ...place, folder: place.clone }, steps.filter(isInClone), options)),
    ...(await runSteps(
      place,
      steps.filter((step) => !isInClone(step)),
      options,
    )),
  ];
  let next = 0;
  for (const [command, shown] of shows) {
    const at = ran.findIndex(({ text }, index) => index >= next && text.startsWith(command));
    const found = ran[at];
    if (found === undefined) throw new Error(`${page} has no command '${command}' where it is expected`);
    if (found.wrong === "" && !shown.test(found.output)) found.wrong = `shows no ${shown.source}`;
    next = at + 1;
  }
  return ran;
}
