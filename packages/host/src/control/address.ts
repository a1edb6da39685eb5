import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

/** Longest path that every system takes for a socket; the shortest limit is macOS's, 104 with its end mark. */
const MAX_SOCKET_PATH = 100;

/** Folder of the sockets of all hosts on one base folder. */
export function controlFolder(baseDir: string): string {
  return socketFolder(baseDir, "control", `${2 ** 22}-999.sock`);
}

/**
 * The folder `extensions/<name>` of a base folder if a socket of this longest name can stand there; else one of this user and
 * this base folder among the temporary files.
 */
export function socketFolder(baseDir: string, name: string, longest: string): string {
  const folder = join(resolve(baseDir), "extensions", name);
  if (Buffer.byteLength(join(folder, longest)) <= MAX_SOCKET_PATH) return folder;
  const hash = createHash("sha256").update(resolve(baseDir)).digest("hex").slice(0, 12);
  return join(tmpdir(), `synaps-${name === "control" ? "" : `${name}-`}${userInfo().uid}-${hash}`);
}

/**
 * Path of the socket, or on Windows of the named pipe, of the host with this process id. The second and every further
 * host of one program has a number of its own.
 */
export function controlPath(baseDir: string, pid: number, number = 1): string {
  const folder = controlFolder(baseDir);
  const name = number === 1 ? String(pid) : `${pid}-${number}`;
  if (process.platform !== "win32") return join(folder, `${name}.sock`);
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return `\\\\.\\pipe\\synaps-${hash}-${name}`;
}

/** The process id and the number in the name of a socket or pipe. Undefined for a name that no host gives. */
export function parseControlName(name: string): { pid: number; number: number } | undefined {
  const [, pid, number = "1"] = /(\d+)(?:-(\d+))?(?:\.sock)?$/.exec(name) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), number: Number(number) };
}
