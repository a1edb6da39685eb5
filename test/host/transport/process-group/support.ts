import type {
  Platform,
  PlatformTools,
} from "../../../../packages/host/src/transport/process/platform/platform.js";
import { platformFor } from "../../../../packages/host/src/transport/process/platform/select.js";

export interface FakeSystem {
  /** What commands print, by their name and arguments; one that is missing fails. */
  prints?: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, string>>;
  /** Ids of living processes. */
  alive?: readonly number[];
}

/** A platform on a system that is described by the test, and the record of what it did there. */
export function platformOn(
  name: NodeJS.Platform,
  system: FakeSystem = {},
): { platform: Platform; did: string[] } {
  const did: string[] = [];
  const { prints = {}, files = {}, alive = [] } = system;
  const tools: PlatformTools = {
    run(command, args, env) {
      const line = [command, ...args].join(" ");
      did.push(`run ${line}${env ? ` with ${JSON.stringify(env)}` : ""}`);
      const text = prints[line];
      return text === undefined ? Promise.reject(new Error("it failed")) : Promise.resolve(text);
    },
    start: (command, args) => void did.push(`start ${[command, ...args].join(" ")}`),
    kill(pid, signal) {
      if (signal !== 0) did.push(`kill ${pid} ${signal}`);
      if (!alive.includes(Math.abs(pid)))
        throw Object.assign(new Error("no such process"), { code: "ESRCH" });
      if (pid === 1) throw Object.assign(new Error("not yours"), { code: "EPERM" });
    },
    readFile(path) {
      const text = files[path];
      return text === undefined ? Promise.reject(new Error("no such file")) : Promise.resolve(text);
    },
    readLink: (path) => Promise.resolve(`${path} -> pid:[1]`),
    listFolder: (path) => {
      const inside = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      return Promise.resolve([
        ...new Set(inside.map((file) => file.slice(path.length + 1).split("/")[0] ?? "")),
      ]);
    },
    systemRoot: "C:\\Windows",
    execPath: "node.exe",
  };
  return { platform: platformFor(name, tools), did };
}

/** A line of `/proc/<pid>/stat`. */
export function statLine(
  pid: number,
  options: { name?: string; group?: number; session?: number; born: number },
): string {
  const { name = "node", group = pid, session = group, born } = options;
  return `${pid} (${name}) S 1 ${group} ${session} 0 -1 4194304 1 0 0 0 1 2 0 0 20 0 7 0 ${born} 1 2 3\n`;
}
