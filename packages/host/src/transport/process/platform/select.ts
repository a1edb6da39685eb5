import { execFile, spawn } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import { linux } from "./linux.js";
import { macos } from "./macos.js";
import type { Platform, PlatformTools } from "./platform.js";
import { windows } from "./windows.js";

const runFile = promisify(execFile);

/** Longest that a question about a process may take. */
const RUN_MS = 10_000;

export function platformFor(name: NodeJS.Platform, tools: PlatformTools): Platform {
  switch (name) {
    case "linux":
    case "android":
      return linux(tools);
    case "win32":
      return windows(tools);
    default:
      return macos(tools);
  }
}

/** The platform that this program runs on. */
export function ownPlatform(env: Readonly<Record<string, string | undefined>>): Platform {
  return platformFor(process.platform, systemTools(env));
}

function systemTools(env: Readonly<Record<string, string | undefined>>): PlatformTools {
  return {
    async run(command, args, own) {
      const options = { timeout: RUN_MS, windowsHide: true, ...(own ? { env: own } : {}) };
      const { stdout } = await runFile(command, [...args], options);
      return stdout;
    },
    start(command, args) {
      const started = spawn(command, [...args], { stdio: "ignore", detached: true, windowsHide: true });
      started.on("error", () => {});
      started.unref();
    },
    kill: (pid, signal) => void process.kill(pid, signal),
    readFile: (path) => readFile(path, "utf8"),
    readLink: (path) => readlink(path),
    listFolder: (path) => readdir(path),
    systemRoot: env["SYSTEMROOT"] ?? env["SystemRoot"] ?? "C:\\Windows",
    execPath: process.execPath,
  };
}
