import { execFile } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { CLI, repo } from "./paths.js";
import { tempDir } from "./temp.js";

/** Installs an extension that comes along, runs the block under "Demo" of its README as it stands, and returns its output. */
export async function runDemo(extension: string): Promise<string> {
  const readme = readFileSync(repo(`extensions/${extension}/README.md`), "utf8");
  const script = /^## Demo\n+```sh\n(.*?)^```$/ms.exec(readme)?.[1];
  if (script === undefined) throw new Error(`the README of ${extension} has no demo`);
  const folder = tempDir();
  symlinkSync(CLI, join(folder, "synaps-ext"));
  const PATH = `${folder}:${dirname(process.execPath)}:${process.env["PATH"]}`;
  const env = { PATH, HOME: folder, SYNAPS_BASE_DIR: join(folder, "base") };
  const run = async (text: string): Promise<string> =>
    (await promisify(execFile)("bash", ["-euo", "pipefail", "-c", text], { cwd: folder, env })).stdout;
  await run(`synaps-ext install ${extension} --yes`);
  return run(script);
}
