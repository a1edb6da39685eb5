import { readdirSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { isJsonObject } from "@synaps/sdk/protocol";
import { HOST_ERROR_CODES, HostError, messageOf, systemCode, type HostErrorCode } from "../errors.js";
import type { LogEntry } from "../supervision/log-ring.js";
import { ownPlatform } from "../transport/process/platform/select.js";
import { controlFolder, controlPath, parseControlName } from "./address.js";
import { JsonLines } from "./lines.js";
import type { ControlStatus } from "./server.js";

/** Time for a host to answer; it answers from memory. */
const ANSWER_MS = 5_000;
/** A resume or reload waits for a whole start. */
const START_MS = 60_000;

/**
 * Talks to one running host over its control socket, with a connection for each call. Calls reject with a HostError: a host
 * that cannot be reached, or does not answer in time, with `CONTROL_UNAVAILABLE`.
 */
export class ControlClient {
  /** Process id of the program that the host is in. */
  readonly pid: number;
  readonly #path: string;
  readonly #sockets = new Set<Socket>();
  #closed = false;

  /** Connects to nothing yet. `number` tells the hosts of one program apart. */
  constructor(baseDir: string, pid: number, number = 1) {
    this.pid = pid;
    this.#path = controlPath(baseDir, pid, number);
  }

  /** The host as it is now. Waits 5 s at the most. */
  async status(): Promise<ControlStatus> {
    return (await this.#ask("status", {}, ANSWER_MS)) as ControlStatus;
  }

  /** The last lines that an extension wrote to standard error, oldest first. Waits 5 s at the most. */
  async logs(id: string, count: number): Promise<LogEntry[]> {
    return (await this.#ask("logs", { id, count }, ANSWER_MS)) as LogEntry[];
  }

  /**
   * Calls `onLog` for the last lines and for each further one. Resolves when the signal is aborted, the host ends, or the
   * client is closed.
   */
  async follow(
    id: string,
    count: number,
    onLog: (entry: LogEntry) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const socket = await this.#open();
    if (socket.destroyed) return;
    const ended = new Promise<void>((resolve, reject) => {
      const lines = new JsonLines((message) => {
        if (!isJsonObject(message)) return;
        if (message["error"]) reject(toError(message["error"]));
        else if (Array.isArray(message["result"]))
          (message["result"] as unknown as LogEntry[]).forEach(onLog);
        else if (message["log"]) onLog(message["log"] as unknown as LogEntry);
      });
      socket.on("data", (chunk: Buffer) => {
        try {
          lines.push(chunk);
        } catch (error) {
          reject(this.#unreachable(messageOf(error)));
        }
      });
      socket.on("close", () => resolve());
    });
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
    if (signal.aborted) socket.destroy();
    socket.write(request("logs", { id, count, follow: true }));
    await ended.finally(() => socket.destroy());
  }

  /** Gives a failed or quarantined extension another try. Resolves when it is live. Waits 60 s at the most. */
  async resume(id: string): Promise<void> {
    await this.#ask("resume", { id }, START_MS);
  }

  /**
   * Lets an extension's new code take the place of the old code. Rejects with why the new code may not run or does not
   * start; the old process runs on then. Waits 60 s at the most.
   */
  async reload(id: string): Promise<void> {
    await this.#ask("reload", { id }, START_MS);
  }

  /**
   * Ends the connections of this client: calls under way reject, `follow` resolves, and later calls reject at once. The host
   * goes on, also with what it was asked to do. Closing twice does nothing more.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const ends = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve()).destroy()),
    );
    await Promise.all(ends);
  }

  /** Closes the client at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(method: string, params: object, ms: number): Promise<unknown> {
    const socket = await this.#open();
    if (socket.destroyed) throw this.#ended();
    try {
      return await new Promise((resolve, reject) => {
        const lines = new JsonLines((message) => {
          if (isJsonObject(message) && message["error"]) reject(toError(message["error"]));
          else resolve(isJsonObject(message) ? message["result"] : undefined);
        });
        socket.on("data", (chunk: Buffer) => {
          try {
            lines.push(chunk);
          } catch (error) {
            reject(this.#unreachable(messageOf(error)));
          }
        });
        socket.on("close", () => reject(this.#ended()));
        socket.setTimeout(ms, () => reject(this.#unreachable(`it did not answer within ${ms} ms`)));
        socket.write(request(method, params));
      });
    } finally {
      socket.destroy();
    }
  }

  #open(): Promise<Socket> {
    if (this.#closed) return Promise.reject(this.#ended());
    return new Promise((resolve, reject) => {
      const socket = connect(this.#path);
      this.#sockets.add(socket);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        reject(this.#ended());
      });
      socket.once("connect", () => resolve(socket));
      socket.on("error", (error) => {
        // Nobody listens: the host was killed. A host that lives may just be about to listen.
        if (systemCode(error) === "ECONNREFUSED" && !ownPlatform({}).isAlive(this.pid))
          rmSync(this.#path, { force: true });
        reject(this.#unreachable(messageOf(error)));
      });
    });
  }

  /** The error for a connection that is over, by the side that ended it. */
  #ended(): HostError {
    if (!this.#closed) return this.#unreachable("it ended the connection");
    const closed = `This client of the host with process id ${this.pid} was closed`;
    return new HostError("CONTROL_UNAVAILABLE", closed, { hint: "Make another ControlClient to ask again." });
  }

  #unreachable(why: string): HostError {
    return new HostError(
      "CONTROL_UNAVAILABLE",
      `The host with process id ${this.pid} cannot be reached: ${why}`,
      {
        hint: "Start one with its control socket: synaps-ext run --control",
      },
    );
  }
}

/** Clients for all hosts on a base folder that left a socket, also for those that were killed since. */
export function findHosts(baseDir: string): ControlClient[] {
  // Named pipes are all in one place that is not a folder of ours.
  const folder = process.platform === "win32" ? "\\\\.\\pipe\\" : controlFolder(baseDir);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw new HostError(
      "CONTROL_UNAVAILABLE",
      `The control folder '${folder}' cannot be read: ${messageOf(error)}`,
      {
        hint: "Run as the user who runs the host.",
        cause: error,
      },
    );
  }
  return names.flatMap((name) => {
    const named = parseControlName(name);
    if (!named) return [];
    const { pid, number } = named;
    // Named pipes of other base folders, and of other programs, stand in the same place.
    const ours = Number.isSafeInteger(pid) && controlPath(baseDir, pid, number).endsWith(name);
    return ours ? [new ControlClient(baseDir, pid, number)] : [];
  });
}

function request(method: string, params: object): string {
  return `${JSON.stringify({ method, params })}\n`;
}

function toError(value: unknown): HostError {
  const { code, message, hint } = isJsonObject(value) ? value : {};
  const known = typeof code === "string" && Object.hasOwn(HOST_ERROR_CODES, code);
  return new HostError(
    known ? (code as HostErrorCode) : "CONTROL_INVALID",
    String(message ?? "unknown"),
    typeof hint === "string" ? { hint } : {},
  );
}
