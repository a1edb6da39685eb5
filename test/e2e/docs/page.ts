import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { packed } from "./packed.js";

/** A block of commands of a page. */
export interface CommandBlock {
  /** Line of the page on which its first command stands. */
  line: number;
  text: string;
}

/** What came of a block. */
export interface Ran extends CommandBlock {
  /** Exit codes of commands that failed, whichever of the block. A command before `||` or after `if` does not count. */
  failed: number[];
  /** Standard output and standard error together. */
  output: string;
}

/** A new user's home and an empty folder, in a path with spaces and letters beyond ASCII. */
export interface CleanPlace {
  home: string;
  folder: string;
  /** `CLONE` is a folder that has `artifacts/*.tgz`, as a clone has after `npm run pack`. */
  env: Record<string, string>;
}

/** The blocks ```sh of a page, in the order of the page. */
export function commandBlocks(page: string): CommandBlock[] {
  const text = readFileSync(repo(page), "utf8");
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((found) => ({
    line: text.slice(0, found.index).split("\n").length + 1,
    text: found[1] ?? "",
  }));
}

export async function cleanPlace(): Promise<CleanPlace> {
  const top = join(tempDir(), "neuer Benutzer ü 新");
  const [home, folder] = [join(top, "home"), join(top, "mein Projekt")];
  for (const path of [home, folder]) mkdirSync(path, { recursive: true });
  const { PATH = "", npm_config_cache = join(homedir(), ".npm") } = process.env;
  const npmrc = process.env["npm_config_userconfig"] ?? join(homedir(), ".npmrc");
  return {
    home,
    folder,
    env: {
      PATH,
      HOME: home,
      LANG: "C.UTF-8",
      CLONE: await packed(),
      // The registry and the cache of this machine, so that nothing is fetched twice.
      npm_config_cache,
      npm_config_prefer_offline: "true",
      npm_config_update_notifier: "false",
      ...(existsSync(npmrc) ? { npm_config_userconfig: npmrc } : {}),
    },
  };
}

/**
 * Runs blocks one after the other in one shell, as somebody does who follows a page: a folder that was entered and a
 * variable that was set are there in the next block.
 */
export async function runBlocks(place: CleanPlace, blocks: readonly CommandBlock[]): Promise<Ran[]> {
  const script = blocks.map(({ text }, index) => `printf '\n@@block ${index}\n'\n${text}`).join("\n");
  const path = join(place.home, "..", "page.sh");
  const failures = 'trap \'printf "\\n@@failed %s\\n" "$?"\' ERR\nset -o pipefail\n';
  writeFileSync(path, `exec 2>&1\n${failures}${script}\nprintf '\n@@end\n'\n`);
  const child = spawn("bash", [path], {
    cwd: place.folder,
    env: place.env,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // All of it ended.
    }
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child, "close");
  const parts = output.split(/\n@@(?:block \d+|end)\n/);
  if (parts.length !== blocks.length + 2) throw new Error(`the page came to an early end:\n${output}`);
  return blocks.map((block, index) => {
    const shown = parts[index + 1] ?? "";
    const failed = [...shown.matchAll(/\n@@failed (\d+)\n/g)].map(([, code]) => Number(code));
    return { ...block, failed, output: shown.replaceAll(/\n@@failed \d+\n/g, "") };
  });
}

/** Runs all blocks of a page. Fails for the first one in which a command failed, except for those that `mayFail`. */
export async function followPage(
  page: string,
  place: CleanPlace,
  mayFail: (block: CommandBlock) => boolean = () => false,
): Promise<Ran[]> {
  const blocks = commandBlocks(page);
  expect(blocks.length).toBeGreaterThan(0);
  const ran = await runBlocks(place, blocks);
  const wrong = ran.filter((one) => one.failed.length > 0 && !mayFail(one));
  expect(wrong.map(({ line, text, output }) => `${page}:${line}\n${text}${output}`)).toEqual([]);
  return ran;
}
