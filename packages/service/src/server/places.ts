import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { socketFolder } from "@synaps/host/tooling";

/** The files of the service on one base folder. */
export interface ServicePlaces {
  readonly baseDir: string;
  /** Only this user may enter it. */
  readonly folder: string;
  /** The unix socket, or on Windows the named pipe. */
  readonly socket: string;
  /** Holds the process id of the service that runs, in one line. */
  readonly pidFile: string;
  readonly lock: string;
  /** Log of a service that was started in the background. At most 1 MiB, and one file before it. */
  readonly log: string;
  /** Port of the HTTP listener, as JSON `{"port"}`; no file: no listener. */
  readonly httpFile: string;
  /** The token that the HTTP listener wants. Mode 0600. */
  readonly tokenFile: string;
}

const SOCKET = "serve.sock";

/** The places of the service on a base folder. Makes nothing. */
export function servicePlaces(baseDir: string): ServicePlaces {
  const root = resolve(baseDir);
  const folder = socketFolder(root, "serve", SOCKET);
  const agents = join(root, "extensions", "agents");
  return {
    baseDir: root,
    folder,
    socket: process.platform === "win32" ? pipeOf(folder) : join(folder, SOCKET),
    pidFile: join(folder, "serve.pid"),
    lock: join(folder, "serve.lock"),
    log: join(folder, "serve.log"),
    httpFile: join(agents, "http.json"),
    tokenFile: join(agents, "http-token"),
  };
}

function pipeOf(folder: string): string {
  return `\\\\.\\pipe\\synaps-serve-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;
}
