import {
  HostError,
  stderrLogger,
  systemClock,
  type AuditOptions,
  type Clock,
  type Logger,
  type Timer,
} from "@synaps/host";
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { claim, release } from "./claim.js";
import { AgentHooks } from "./hooks.js";
import { HttpDoor } from "./http-door.js";
import { HttpRoutes } from "./http.js";
import { Operations } from "./operations.js";
import { Outcomes } from "./outcomes.js";
import type { ServiceParts } from "./parts.js";
import { servicePlaces, type ServicePlaces } from "./places.js";
import { Projects } from "./projects.js";
import { serveRpc } from "./rpc.js";
import { Sessions } from "./sessions.js";
import type { ServiceStatus } from "./status.js";

/** Default time without use after which the service ends: longer than people think between two questions. */
export const DEFAULT_IDLE_MS = 30 * 60_000;
/** The name that a client asks the connection to be changed to. */
export const RPC_PROTOCOL = "synaps-jsonrpc";
const VERSION = "0.1.0";
/** Connections that are served at the same time; a hook of an agent has one for some milliseconds. */
const MAX_CONNECTIONS = 1_024;
/** Time for a whole request to arrive. */
const REQUEST_MS = 30_000;

/** Options of `startService`. */
export interface ServiceOptions {
  /** Folder of extensions and state. There is one service for each. */
  readonly baseDir: string;
  /** Time in milliseconds without a request and without a connection, after which it ends. Default 30 min. */
  readonly idleMs?: number;
  /** As `audit` of `createHost`. Default true: each decision is written down, without inputs. */
  readonly audit?: AuditOptions | boolean;
  /** Told of warnings and errors. Default: standard error. */
  readonly logger?: Logger;
  /** Environment of the extensions' hosts. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
}

/** A service that listens. */
export interface Service {
  readonly places: ServicePlaces;
  /** Address of the HTTP listener, if there is one. */
  readonly http: string | undefined;
  status(): ServiceStatus;
  /** Lets nothing in any more, answers what is under way, and ends the extensions. Safe to call more than once. */
  close(): Promise<void>;
  /** Resolves when the service has ended, by `close` or because nobody used it. */
  readonly ended: Promise<void>;
}

/**
 * Starts the resident host of a base folder: listens at its socket, and on the loopback address if that was configured.
 * Resolves to undefined when one runs already. Rejects with a HostError when the socket has no safe place.
 */
export async function startService(options: ServiceOptions): Promise<Service | undefined> {
  const service = new RunningService(options);
  return (await service.open()) ? service : undefined;
}

class RunningService implements Service {
  readonly places: ServicePlaces;
  readonly ended: Promise<void>;
  readonly #idleMs: number;
  readonly #parts: ServiceParts;
  readonly #sessions = new Sessions();
  readonly #server: Server;
  readonly #routes: HttpRoutes;
  readonly #connections = new Set<Socket>();
  readonly #startedAt: number;
  #requests = 0;
  readonly #http: HttpDoor;
  #idle: Timer | undefined;
  #end!: () => void;
  #closed: Promise<void> | undefined;

  constructor(options: ServiceOptions) {
    const { baseDir, idleMs = DEFAULT_IDLE_MS, audit = true, logger = stderrLogger } = options;
    const { env, clock = systemClock } = options;
    this.places = servicePlaces(baseDir);
    this.#idleMs = idleMs;
    this.#startedAt = clock.wallMs();
    this.ended = new Promise((done) => {
      this.#end = done;
    });
    const projects = new Projects({ baseDir: this.places.baseDir, logger, clock, audit, idleMs, env });
    const outcomes = new Outcomes();
    this.#parts = {
      projects,
      operations: new Operations(projects, clock),
      hooks: new AgentHooks({ projects, sessions: this.#sessions, outcomes, clock, logger }),
      outcomes,
      clock,
      logger,
      status: () => this.status(),
    };
    this.#routes = new HttpRoutes(this.#parts);
    this.#http = new HttpDoor({
      places: this.places,
      routes: this.#routes,
      logger,
      onConnection: (socket) => this.#follow(socket),
      onRequest: () => this.#used(),
    });
    this.#server = createServer(
      { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS },
      (request, response) => {
        this.#requests += 1;
        response.once("close", () => {
          this.#requests -= 1;
          this.#used();
        });
        // A hook at the start of a session comes this way before those that come over HTTP.
        void this.#http.look().then(() => this.#routes.answer(request, response));
      },
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on("connection", (socket) => this.#follow(socket));
    this.#server.on("upgrade", ({ headers }, socket: Socket, head) => {
      if (headers.upgrade !== RPC_PROTOCOL) return socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
      void this.#http.look().then(() => this.#upgrade(socket, head));
    });
  }

  get http(): string | undefined {
    return this.#http.url;
  }

  /** Resolves to false when a service runs already. */
  async open(): Promise<boolean> {
    if (!(await claim(this.#server, this.places))) {
      this.#end();
      return false;
    }
    await this.#http.look();
    this.#used();
    return true;
  }

  status(): ServiceStatus {
    const { projects, operations, hooks } = this.#parts;
    const { agents, repeats } = hooks.counts;
    return {
      pid: process.pid,
      version: VERSION,
      started_at: this.#startedAt,
      base_dir: this.places.baseDir,
      idle_ms: this.#idleMs,
      http: this.http ?? null,
      projects: projects
        .all()
        .map(({ folder, host }) => ({ folder, extensions: host.snapshot().extensions })),
      sessions: this.#sessions.size,
      operations: operations.size,
      agents,
      repeats,
    };
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#idle?.cancel();
    this.#http.close();
    await release(this.#server, this.places);
    this.#parts.operations.close();
    await this.#parts.projects.close();
    for (const socket of this.#connections) socket.destroy();
    this.#end();
  }

  #upgrade(socket: Socket, head: Buffer): void {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${RPC_PROTOCOL}\r\nConnection: Upgrade\r\n\r\n`,
    );
    if (head.length > 0) socket.unshift(head);
    // A program that is connected uses the service for as long as it is.
    this.#requests += 1;
    socket.once("close", () => {
      this.#requests -= 1;
      this.#used();
    });
    serveRpc(socket, this.#parts);
  }

  #follow(socket: Socket): void {
    this.#connections.add(socket);
    socket.once("close", () => this.#connections.delete(socket));
  }

  /** Begins to wait for the end of its use anew. */
  #used(): void {
    if (this.#closed !== undefined) return;
    this.#idle?.cancel();
    this.#idle = this.#parts.clock.after(this.#idleMs, () => {
      if (this.#requests > 0 || this.#parts.projects.isBusy) return this.#used();
      this.#parts.logger.info("nobody has used the service for a time: it ends", { idle_ms: this.#idleMs });
      void this.close();
    });
    this.#parts.projects.sweep();
  }
}

/** The error for a service that was to be started and runs already. */
export function alreadyRuns({ socket }: ServicePlaces, pid: number | undefined): HostError {
  return new HostError("SERVICE_UNAVAILABLE", `A service runs already at '${socket}'`, {
    hint: pid === undefined ? "Use it." : `It is process ${pid}; use it, or end it with: kill ${pid}`,
  });
}
