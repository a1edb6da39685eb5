import { execFile } from "node:child_process";
import { repo } from "../../helpers/paths.js";

/** What a script of `scripts/` prints, and how it ended. Its own warnings and errors go to the terminal. */
export function runScript(name: string, ...args: string[]): Promise<{ code: number; report: unknown }> {
  return new Promise((resolve, reject) => {
    const all = [repo(`scripts/${name}.mjs`), ...args];
    execFile(process.execPath, all, { encoding: "utf8" }, (error, stdout, stderr) => {
      if (stderr !== "") return reject(new Error(stderr));
      resolve({ code: error ? Number(error.code) : 0, report: JSON.parse(stdout) });
    });
  });
}
