import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { isJsonObject } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../errors.js";
import type { LogEntry } from "../supervision/log-ring.js";
import type { HostSnapshot } from "../host-types.js";
import type { Logger } from "../logger.js";
import { controlFolder, controlPath } from "./address.js";
import { JsonLines } from "./lines.js";
import { ensurePrivateFolder } from "./private-folder.js";

/**
 * What the outside may ask of a running host: to look, to give an extension another try, and to read one anew as far
 * as its code is approved. Nothing else.
 */
export interface Controllable {
  snapshot(): HostSnapshot;
  logs(id: string, count: number): LogEntry[];
  onLog(id: string, listener: (entry: LogEntry) => void): () => void;
  resume(id: string): Promise<void>;
  reload(id: string, options: { onlyApproved: true }): Promise<void>;
}

export interface ControlStatus extends HostSnapshot {
  pid: number;
  /** Milliseconds since the epoch. */
  started_at: number;
}

/** Requests are small; only answers are large. */
const MAX_REQUEST_BYTES = 64 * 1024;
/** A watcher that does not read is let go rather than collected for. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const MAX_LOG_LINES = 10_000;

/** Answers lines of JSON on a local socket: `{"method", "params"}` in, `{"result"}`, `{"error"}` or `{"log"}` out. */
export class ControlServer {
  readonly #host: Controllable;
  readonly #logger: Logger;
  readonly #startedAt: number;
  readonly #path: string;
  readonly #folder: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(host: Controllable, options: { baseDir: string; logger: Logger; nowMs: number }) {
    this.#host = host;
    this.#logger = options.logger;
    this.#startedAt = options.nowMs;
    this.#folder = controlFolder(options.baseDir);
    this.#path = controlPath(options.baseDir, process.pid);
  }

  /** Starts to listen. Rejects with a HostError when there is no safe place for the socket. */
  async start(): Promise<void> {
    ensurePrivateFolder(this.#folder);
    // Left over from a host that had the same process id.
    if (process.platform !== "win32") rmSync(this.#path, { force: true });
    const server = createServer((socket) => this.#serve(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => {
        const hint = "Start without the control socket, or free its path.";
        reject(
          new HostError("CONTROL_UNAVAILABLE", `The control socket '${this.#path}': ${messageOf(error)}`, {
            hint,
          }),
        );
      });
      server.listen(this.#path, resolve);
    });
    if (process.platform !== "win32") chmodSync(this.#path, 0o600);
    server.unref();
    server.on("error", () => {});
    this.#server = server;
  }

  stop(): void {
    this.#server?.close();
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (process.platform !== "win32") rmSync(this.#path, { force: true });
  }

  #serve(socket: Socket): void {
    const endings: (() => void)[] = [];
    this.#sockets.add(socket);
    socket.unref();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(socket);
      for (const end of endings) end();
    });
    const say = (message: object): void => {
      if (socket.destroyed) return;
      if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
      else socket.write(`${JSON.stringify(message)}\n`);
    };
    const lines = new JsonLines((request) => void this.#answer(request, say, endings), MAX_REQUEST_BYTES);
    socket.on("data", (chunk: Buffer) => {
      try {
        lines.push(chunk);
      } catch (error) {
        say({ error: { code: "CONTROL_INVALID", message: messageOf(error) } });
        socket.end();
      }
    });
  }

  async #answer(request: unknown, say: (message: object) => void, endings: (() => void)[]): Promise<void> {
    try {
      const { method, params } = isJsonObject(request) ? request : {};
      const { id, count, follow } = isJsonObject(params) ? params : {};
      switch (method) {
        case "status":
          return say({ result: { pid: process.pid, started_at: this.#startedAt, ...this.#host.snapshot() } });
        case "logs": {
          const wanted = Math.min(MAX_LOG_LINES, Number.isSafeInteger(count) ? Number(count) : 100);
          say({ result: this.#host.logs(String(id), wanted) });
          if (follow === true) endings.push(this.#host.onLog(String(id), (log) => say({ log })));
          return;
        }
        case "resume":
          this.#logger.info("an extension is resumed from outside", { extension: String(id) });
          await this.#host.resume(String(id));
          return say({ result: null });
        case "reload":
          this.#logger.info("an extension is reloaded from outside", { extension: String(id) });
          await this.#host.reload(String(id), { onlyApproved: true });
          return say({ result: null });
        default:
          return say({ error: { code: "CONTROL_INVALID", message: `unknown method: ${String(method)}` } });
      }
    } catch (error) {
      const known = error instanceof HostError ? error : undefined;
      say({
        error: { code: known?.code ?? "CONTROL_INVALID", message: messageOf(error), hint: known?.hint },
      });
    }
  }
}

/** Being looked at is worth less than running: a socket that cannot be made is reported, not fatal. */
export async function startControl(server: ControlServer | undefined, logger: Logger): Promise<void> {
  try {
    await server?.start();
  } catch (error) {
    const hint = error instanceof HostError ? error.hint : undefined;
    logger.error(messageOf(error), { code: "CONTROL_UNAVAILABLE", hint });
  }
}
