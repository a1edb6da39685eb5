import { HostError, type Host } from "@synaps/host";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { metricsOf } from "../metrics.js";
import { answer, plain, type Answer } from "./answer.js";

/** Options of `startMetricsListener`. */
export interface ListenerOptions {
  readonly host: Host;
  /** Default 9090. 0 takes a free port. */
  readonly port?: number;
  /** Address to listen on. Default `127.0.0.1`: this machine only. There is no login and no encryption. */
  readonly address?: string;
  /** Names beside addresses and `localhost` under which the listener may be asked. Default: none. */
  readonly allowedHosts?: readonly string[];
}

/** A listener that answers `/metrics` and `/health`. */
export interface MetricsListener {
  readonly address: string;
  readonly port: number;
  /** Without a path: `http://127.0.0.1:9090`. */
  readonly url: string;
  /** Ends all connections. Resolves when the port is free again. Safe to call more than once. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 9090;
/** A scraper or two, and a person. Further connections are closed. */
const MAX_CONNECTIONS = 8;
/** Time for a whole request, and for an idle connection. */
const REQUEST_MS = 5_000;
/** A client that takes nothing of its answer for so long is cut off. */
const UNREAD_MS = 10_000;
const MAX_HEADER_BYTES = 8 * 1024;

/**
 * Serves the metrics of a host over HTTP: `/metrics` for Prometheus, `/health` as JSON; GET and HEAD only. Closed when the
 * host stops; does not keep the program alive. Rejects with a HostError `HOST_OPTIONS_INVALID` for a wrong option, and
 * `METRICS_NOT_SERVED` when the port is taken or may not be used.
 */
export async function startMetricsListener(options: ListenerOptions): Promise<MetricsListener> {
  const { host, port = DEFAULT_PORT, address = "127.0.0.1", allowedHosts = [] } = options;
  check({ port, address, allowedHosts });
  const metrics = metricsOf(host);
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      void answer(request, metrics, () => host.metrics(), allowedHosts)
        .catch(() => plain(500, "The metrics could not be read."))
        .then((ready) => send(request, response, ready));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = UNREAD_MS;
  await listening(server, port, address);
  server.unref();
  // Without a listener, an error that comes later would end the program.
  server.on("error", () => {});
  const bound = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= closing(server));
  const forget = host.on("stopped", () => void close());
  return {
    address: bound.address,
    port: bound.port,
    url: `http://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`,
    close: () => {
      forget();
      return close();
    },
  };
}

function check({ port, address, allowedHosts }: Required<Omit<ListenerOptions, "host">>): void {
  const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw wrong("'port' must be a whole number from 0 to 65535");
  if (!isText(address)) throw wrong("'address' must be a text");
  if (!Array.isArray(allowedHosts) || !allowedHosts.every(isText))
    throw wrong("'allowedHosts' must be a list of names");
}

function wrong(what: string): HostError {
  return new HostError("HOST_OPTIONS_INVALID", `An option of startMetricsListener is wrong: ${what}`, {
    hint: "Pass the options with the types of ListenerOptions.",
  });
}

function listening(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const why =
        error.code === "EADDRINUSE" ? "another program has the port" : (error.code ?? error.message);
      reject(
        new HostError("METRICS_NOT_SERVED", `Nothing listens on ${address}:${port} for metrics: ${why}`, {
          hint: "Name another port, or 0 for a free one.",
          cause: error,
        }),
      );
    };
    server.once("error", failed);
    server.listen({ port, host: address, exclusive: true }, () => {
      server.off("error", failed);
      resolve();
    });
  });
}

function closing(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers }: Answer,
): void {
  // A body that nobody asked for is not read: the connection ends with the answer.
  const isRead = request.method === "GET" || request.method === "HEAD";
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(isRead ? {} : { connection: "close" }),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
