import type { AuditStatus } from "@synaps/audit";
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { isJsonObject } from "@synaps/sdk/protocol";
import { HostError, messageOf, systemCode } from "../errors.js";
import type { Logger } from "../logger.js";
import type { RaisedCount } from "../observe/drops/raised-count.js";
import type { SubscriptionCount } from "../observe/metrics/book.js";
import type { StreamCount } from "../observe/stream-books.js";
import type { LogEntry } from "../supervision/log-ring.js";
import type { ExtensionStatus } from "../supervision/members.js";
import { controlFolder, controlPath } from "./address.js";
import { JsonLines } from "./lines.js";
import { ensurePrivateFolder } from "./private-folder.js";

interface HostStatus {
  extensions: readonly ExtensionStatus[];
  subscriptions: readonly SubscriptionCount[];
  streams: readonly StreamCount[];
  raised: readonly RaisedCount[];
  /** Absent without an audit, and from hosts that know none. */
  audit?: AuditStatus;
  /** Absent when the host's configuration switches nothing off. */
  switchedOff?: readonly string[];
}

/**
 * Everything that the outside may ask of a running host: to look, to give an extension another try, and to read an
 * extension anew as far as its code is approved.
 */
export interface Controllable {
  snapshot(): HostStatus;
  logs(id: string, count: number): LogEntry[];
  onLog(id: string, listener: (entry: LogEntry) => void): () => void;
  resume(id: string): Promise<void>;
  reload(id: string, options: { onlyApproved: true }): Promise<void>;
}

/** A running host as its control socket tells it: no payload, configuration or secret. */
export interface ControlStatus extends HostStatus {
  pid: number;
  /** Milliseconds since the epoch. */
  started_at: number;
}

/** Requests are small; only answers are large. */
const MAX_REQUEST_BYTES = 64 * 1024;
/** A connection that does not read is closed rather than collected for. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Requests of one connection that may wait for their answers. */
const MAX_WAITING = 16;
const MAX_LOG_LINES = 10_000;
/** Hosts of one program on one base folder that get a socket each. */
const MAX_NUMBER = 999;

/** Paths at which hosts of this program listen, or are about to: no host tries the path of another. */
const taken = new Set<string>();

/** Answers lines of JSON on a local socket: `{"method", "params"}` in, `{"result"}`, `{"error"}` or `{"log"}` out. */
export class ControlServer {
  readonly #host: Controllable;
  readonly #logger: Logger;
  readonly #startedAt: number;
  readonly #baseDir: string;
  readonly #connections = new Set<Connection>();
  #server: Server | undefined;
  #path: string | undefined;
  #stopped = false;

  constructor(host: Controllable, options: { baseDir: string; logger: Logger; nowMs: number }) {
    this.#host = host;
    this.#logger = options.logger;
    this.#startedAt = options.nowMs;
    this.#baseDir = options.baseDir;
  }

  /** Starts to listen, unless the host was stopped. Rejects with a HostError when there is no place for the socket. */
  async start(): Promise<void> {
    if (this.#stopped) return;
    ensurePrivateFolder(controlFolder(this.#baseDir));
    const server = createServer((socket) => this.#serve(socket));
    for (let number = 1; number <= MAX_NUMBER && !this.#path; number += 1) {
      const path = controlPath(this.#baseDir, process.pid, number);
      if (await claim(server, path)) this.#path = path;
    }
    if (!this.#path) throw unavailable(controlFolder(this.#baseDir), "too many hosts of this program listen");
    server.unref();
    server.on("error", () => {}); // A client that could not be accepted tries again.
    this.#server = server;
    // The host may have been stopped while the socket was made.
    if (this.#stopped) return this.#close();
    if (process.platform !== "win32") chmodSync(this.#path, 0o600);
  }

  /** Ends every connection and removes the socket. Nothing listens afterwards, also if a start is under way. */
  stop(): void {
    this.#stopped = true;
    this.#close();
  }

  #close(): void {
    // Closing removes the file of the socket, too.
    this.#server?.close();
    if (this.#server && this.#path !== undefined) taken.delete(this.#path);
    this.#server = undefined;
    for (const connection of this.#connections) connection.close();
  }

  #serve(socket: Socket): void {
    const connection = new Connection(
      socket,
      (request, from) => this.#answer(request, from),
      () => this.#connections.delete(connection),
    );
    if (this.#stopped) return connection.close();
    this.#connections.add(connection);
  }

  async #answer(request: unknown, from: Connection): Promise<unknown> {
    const { method, params } = isJsonObject(request) ? request : {};
    const { id: given, count, follow } = isJsonObject(params) ? params : {};
    const id = String(given);
    switch (method) {
      case "status":
        return { pid: process.pid, started_at: this.#startedAt, ...this.#host.snapshot() };
      case "logs": {
        const wanted = Math.min(MAX_LOG_LINES, Number.isSafeInteger(count) ? Number(count) : 100);
        const lines = this.#host.logs(id, wanted);
        if (follow === true) from.follow(id, (listener) => this.#host.onLog(id, listener));
        return lines;
      }
      case "resume":
        this.#logger.info("an extension is resumed from outside", { extension: id });
        await this.#host.resume(id);
        return null;
      case "reload":
        this.#logger.info("an extension is reloaded from outside", { extension: id });
        await this.#host.reload(id, { onlyApproved: true });
        return null;
      default:
        throw new HostError("CONTROL_INVALID", `unknown method: ${String(method).slice(0, 100)}`);
    }
  }
}

/** One client. Its requests are answered as they get ready; it is closed when it does not read. */
class Connection {
  readonly #socket: Socket;
  readonly #answer: (request: unknown, from: Connection) => Promise<unknown>;
  /** Functions that stop following, one for each extension whose log this client follows. */
  readonly #following = new Map<string, () => void>();
  #waiting = 0;

  constructor(
    socket: Socket,
    answer: (request: unknown, from: Connection) => Promise<unknown>,
    onClose: () => void,
  ) {
    this.#socket = socket;
    this.#answer = answer;
    socket.unref();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      for (const stop of this.#following.values()) stop();
      this.#following.clear();
      onClose();
    });
    const lines = new JsonLines((request) => void this.#take(request), MAX_REQUEST_BYTES);
    socket.on("data", (chunk: Buffer) => {
      try {
        lines.push(chunk);
      } catch (error) {
        this.#say({ error: { code: "CONTROL_INVALID", message: messageOf(error) } });
        socket.end();
      }
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Sends each further line of an extension's log. A second request for the same log changes nothing. */
  follow(id: string, listen: (listener: (log: LogEntry) => void) => () => void): void {
    if (this.#socket.destroyed || this.#following.has(id)) return;
    this.#following.set(
      id,
      listen((log) => this.#say({ log })),
    );
  }

  async #take(request: unknown): Promise<void> {
    if (this.#waiting >= MAX_WAITING) {
      const message = `more than ${MAX_WAITING} requests wait for their answers`;
      return this.#say({ error: { code: "CONTROL_INVALID", message } });
    }
    this.#waiting += 1;
    try {
      this.#say({ result: await this.#answer(request, this) });
    } catch (error) {
      const known = error instanceof HostError ? error : undefined;
      this.#say({
        error: { code: known?.code ?? "CONTROL_INVALID", message: messageOf(error), hint: known?.hint },
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  #say(message: object): void {
    if (this.#socket.destroyed) return;
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.#socket.destroy();
    else this.#socket.write(`${JSON.stringify(message)}\n`);
  }
}

/** Takes a path for this program and listens there. Resolves to false when somebody else listens at the path. */
async function claim(server: Server, path: string): Promise<boolean> {
  if (taken.has(path)) return false;
  taken.add(path);
  let listens = false;
  try {
    listens = await listen(server, path);
  } finally {
    if (!listens) taken.delete(path);
  }
  return listens;
}

/** Resolves to false when another program, or another copy of this library, listens at the path. */
async function listen(server: Server, path: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const error = await listenOnce(server, path);
    if (!error) return true;
    if (systemCode(error) !== "EADDRINUSE") throw unavailable(path, messageOf(error));
    if (process.platform === "win32" || attempt > 1 || (await isAnswered(path))) return false;
    // An earlier host with this process id was killed and left its socket behind.
    rmSync(path, { force: true });
  }
}

function listenOnce(server: Server, path: string): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const end = (error?: Error): void => {
      server.off("error", end);
      server.off("listening", end);
      resolve(error);
    };
    server.once("error", end);
    server.once("listening", end);
    server.listen(path);
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
  });
}

function unavailable(path: string, why: string): HostError {
  return new HostError("CONTROL_UNAVAILABLE", `The control socket '${path}': ${why}`, {
    hint: "Start without the control socket, or free its path.",
  });
}

/** Reports a socket that cannot be made, and goes on: a host that runs unseen is worth more than none. */
export async function startControl(server: ControlServer | undefined, logger: Logger): Promise<void> {
  try {
    await server?.start();
  } catch (error) {
    const hint = error instanceof HostError ? error.hint : undefined;
    logger.error(messageOf(error), { code: "CONTROL_UNAVAILABLE", hint });
  }
}
