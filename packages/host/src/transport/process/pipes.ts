import { execFile, spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { systemCode } from "../../errors.js";

/** Pipes made ahead for a host that starts: one for each of fifty extensions, and some to spare. */
const PREPARED = 64;
/** Pipes made in one go while a start waits for them. */
const AT_ONCE = 8;

/** Programs that read descriptors 0 and 1 themselves. Sockets are up to twice as fast as pipes for them. */
const OWN_STREAMS = /^(node|bun|deno)(\.exe)?$/i;

/** Name of a folder of pipes: the process id of the program that made it, and a random part. */
const FOLDER_NAME = /^synaps-pipes-([1-9]\d{0,9})-\w{6}$/;

const REMOVE = { recursive: true, force: true, maxRetries: 3, retryDelay: 10 } as const;

/** Streams of a child that the child can also open by name, as `/dev/stderr`. */
export interface NamedPipes {
  /** For `spawn`: descriptors of the child's ends, and `pipe` where Node's own sockets do. */
  readonly stdio: readonly [number | "pipe", number | "pipe", number];
  readonly stdin: Socket | undefined;
  readonly stdout: Socket | undefined;
  readonly stderr: Socket;
  /** Closes the child's ends here. Call it as soon as the child has them: a stream ends with its last writer. */
  handedOver(): void;
}

/**
 * Makes real pipes. Node connects children by sockets, and a socket cannot be opened by a name: `echo log > /dev/stderr`
 * works by hand and fails in an extension. Pipes have names for a moment only. Where none can be made, and in worker
 * threads, the result is undefined, and a child gets sockets.
 */
export class PipePool {
  #folder: string | undefined;
  #free: string[] = [];
  #made = 0;
  /**
   * In a worker thread, Node closes at the thread's end every number that was opened there by name, also one that a socket
   * closed long before: by then it may be an open file of another thread.
   */
  #unavailable = process.platform === "win32" || !isMainThread;
  #refilling: Promise<void> | undefined;

  /** Makes pipes ahead, so that a start need not wait for them. Never rejects. */
  prepare(): Promise<void> {
    if (this.#unavailable || this.#free.length >= AT_ONCE) return Promise.resolve();
    return (this.#refilling ??= this.#refill().finally(() => (this.#refilling = undefined)));
  }

  open(command: string): NamedPipes | undefined {
    const all = !OWN_STREAMS.test(basename(command));
    if (this.#free.length < 3) this.#fill();
    const opened: number[] = [];
    const ends = (childReads: boolean): [child: number, own: number] => {
      const path = this.#free.pop();
      if (path === undefined) throw new Error("no pipe is left");
      return openEnds(path, childReads, opened);
    };
    try {
      const inEnds = all ? ends(true) : undefined;
      const outEnds = all ? ends(false) : undefined;
      const errEnds = ends(false);
      const childEnds = [inEnds, outEnds, errEnds].flatMap((pair) => pair?.[0] ?? []);
      if (this.#free.length < AT_ONCE) void this.prepare();
      return {
        stdio: [inEnds?.[0] ?? "pipe", outEnds?.[0] ?? "pipe", errEnds[0]],
        stdin: inEnds && new Socket({ fd: inEnds[1], readable: false, writable: true }),
        stdout: outEnds && new Socket({ fd: outEnds[1], readable: true, writable: false }),
        stderr: new Socket({ fd: errEnds[1], readable: true, writable: false }),
        handedOver: () => childEnds.forEach((fd) => closeSync(fd)),
      };
    } catch {
      // Out of descriptors, perhaps: the start itself says so.
      for (const fd of opened) closeSync(fd);
      this.#checkFolder();
      return undefined;
    }
  }

  /** Removes the pipes that nobody needed. */
  close(): void {
    this.#unavailable = true;
    this.#free = [];
    if (this.#folder !== undefined) removeFolder(this.#folder);
    this.#folder = undefined;
  }

  /** Somebody may have cleared the folder for temporary files: the next start makes a new folder then. */
  #checkFolder(): void {
    if (this.#folder === undefined || existsSync(this.#folder)) return;
    this.#folder = undefined;
    this.#free = [];
  }

  #fill(): void {
    if (this.#unavailable) return;
    try {
      const paths = this.#names(AT_ONCE);
      const made = spawnSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" });
      this.#take(made.status === 0, paths, made.error);
    } catch {
      // A full disk: the next start tries again.
    }
  }

  async #refill(): Promise<void> {
    try {
      const paths = this.#names(PREPARED);
      const folder = this.#folder;
      const error = await new Promise<Error | null>((resolve) => {
        execFile("mkfifo", ["-m", "600", ...paths], (failure) => resolve(failure));
      });
      // The pool was closed meanwhile: the program may have made pipes while the folder was removed.
      if (this.#unavailable && folder !== undefined) removeFolder(folder);
      this.#take(error === null, paths, error ?? undefined);
    } catch {
      // A full disk: the next start tries again.
    }
  }

  #names(count: number): string[] {
    const folder = (this.#folder ??= mkdtempSync(join(tmpdir(), `synaps-pipes-${process.pid}-`)));
    return Array.from({ length: count }, () => join(folder, String((this.#made += 1))));
  }

  #take(made: boolean, paths: readonly string[], error: Error | undefined): void {
    if (made && !this.#unavailable) this.#free.push(...paths);
    // A system without the program gets sockets from now on.
    else if (systemCode(error) === "ENOENT") this.close();
  }
}

function removeFolder(folder: string): void {
  try {
    // Some file systems still list a pipe for a moment after it was removed.
    rmSync(folder, REMOVE);
  } catch {
    // Empty pipes in the folder for temporary files hurt nobody; a stop that fails does.
  }
}

/**
 * Removes the folders of pipes that programs of this user left behind when they were killed. A folder whose program is
 * still there, or whose process id came round to another program, stays.
 */
export function removeStalePipes(isAlive: (pid: number) => boolean, folder = tmpdir()): void {
  const uid = process.getuid?.();
  if (uid === undefined) return;
  try {
    for (const name of readdirSync(folder)) {
      const pid = Number(FOLDER_NAME.exec(name)?.[1]);
      if (Number.isNaN(pid) || isAlive(pid)) continue;
      const path = join(folder, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats?.isDirectory() && stats.uid === uid) rmSync(path, REMOVE);
    }
  } catch {
    // A folder that cannot be looked through or removed now is nothing but untidy, and the next start tries again.
  }
}

/** Opens both ends and removes the name. Every descriptor is added to `opened` until it is closed. */
function openEnds(path: string, childReads: boolean, opened: number[]): [child: number, own: number] {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants;
  const open = (flags: number): number => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  // With both ends held for the moment, no opening waits for the other end.
  const held = openSync(path, O_RDWR | O_NONBLOCK);
  try {
    const child = open(childReads ? O_RDONLY : O_WRONLY);
    const own = open((childReads ? O_WRONLY : O_RDONLY) | O_NONBLOCK);
    return [child, own];
  } finally {
    closeSync(held);
    unlinkSync(path);
  }
}
