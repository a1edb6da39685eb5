import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

/** Longest path that every system takes for a socket; the shortest limit is macOS's, 104 with its end mark. */
const MAX_SOCKET_PATH = 100;

/** Folder of the sockets of all hosts on one base folder. Long base folders get one among the temporary files. */
export function controlFolder(baseDir: string): string {
  const folder = join(resolve(baseDir), "extensions", "control");
  const longest = join(folder, `${2 ** 22}.sock`);
  if (Buffer.byteLength(longest) <= MAX_SOCKET_PATH) return folder;
  const hash = createHash("sha256").update(resolve(baseDir)).digest("hex").slice(0, 12);
  return join(tmpdir(), `synaps-${userInfo().uid}-${hash}`);
}

/** Where the host with this process id listens: a socket, or on Windows a named pipe. */
export function controlPath(baseDir: string, pid: number): string {
  const folder = controlFolder(baseDir);
  if (process.platform !== "win32") return join(folder, `${pid}.sock`);
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return `\\\\.\\pipe\\synaps-${hash}-${pid}`;
}
