import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { firstBytes, type Protocol } from "./detect.js";
import { createTap, createTurns, type Overflow, type ProxyHost, type Tap } from "./tap.js";

export interface Route {
  /** The protocols that go this way. Absent: all that no other route takes. */
  protocols?: readonly Protocol[];
  to: { host: string; port: number };
  /** What extensions see: nothing, or every chunk, with the answer to a full queue. */
  hooks: "off" | Overflow;
}

export interface ProxyOptions {
  routes: readonly Route[];
  /** A started host with the catalog `proxy`. Absent: no route has hooks. */
  host?: ProxyHost | undefined;
  port?: number;
  /** Longest wait for a client's first bytes. Default 200 ms: then its server probably speaks first. */
  detectMs?: number;
  /** Longest wait for a backend. Default 5 s. */
  connectMs?: number;
  log?(message: string): void;
}

export interface Proxy {
  readonly port: number;
  /** Resolves when the connections that are open now have ended, and their ends have been raised. */
  ended(): Promise<void>;
  /** Takes no further connection, resets the open ones, and resolves when they have ended. */
  close(): Promise<void>;
}

/** Starts a proxy on the loopback interface. Stop it before the hosts. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { routes, host, port = 0, detectMs = 200, connectMs = 5_000, log = () => {} } = options;
  if (!host && routes.some(({ hooks }) => hooks !== "off"))
    throw new Error("a route has hooks, and there is no host to tell them");
  const turns = createTurns();
  const sessions = new Map<Socket, Promise<void>>();
  let lastSession = 0;

  const serve = async (client: Socket): Promise<void> => {
    const from = addressOf(client);
    const { protocol, head } = await firstBytes(client, detectMs);
    if (client.destroyed) return;
    const route =
      routes.find((one) => one.protocols?.includes(protocol)) ?? routes.find((one) => !one.protocols);
    const backend = route && (await reach(route.to, connectMs, client));
    if (!backend) {
      log(`${from}: ${route ? "its backend cannot be reached" : `no route takes ${protocol}`}`);
      return void reset(client);
    }
    const session_id = String((lastSession += 1));
    const { hooks: overflow } = route;
    const tap =
      host && overflow !== "off"
        ? createTap({ host, overflow, turns, session_id, protocol, client_addr: from, log })
        : undefined;
    await join(client, backend, head, tap);
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on("error", () => {});
    sessions.set(
      client,
      serve(client).finally(() => sessions.delete(client)),
    );
  });
  const ended = async (): Promise<void> => void (await Promise.all(sessions.values()));
  server.listen({ port, host: "127.0.0.1", backlog: 1_024 });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    ended,
    close() {
      server.close();
      for (const client of sessions.keys()) reset(client);
      return ended();
    },
  };
}

/** Undefined when nobody answers there in time, or the client has gone meanwhile. */
async function reach(to: Route["to"], waitMs: number, client: Socket): Promise<Socket | undefined> {
  const backend = connect({ ...to, allowHalfOpen: true, noDelay: true });
  const giveUp = (): void => void backend.destroy(new Error("nobody waits for it any more"));
  const timer = setTimeout(giveUp, waitMs);
  client.once("close", giveUp);
  try {
    await once(backend, "connect");
    return backend;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    client.off("close", giveUp);
  }
}

/** Carries bytes both ways until both sides have ended. */
async function join(client: Socket, backend: Socket, head: Buffer, tap: Tap | undefined): Promise<void> {
  tap?.open();
  const ended = Promise.all([closed(client), closed(backend)]);
  pump(client, backend, head, (chunk) => tap?.packet("inbound", chunk));
  pump(backend, client, undefined, (chunk) => tap?.packet("outbound", chunk));
  await ended;
  tap?.close();
}

/** Passes on one direction: its bytes, as fast as both sides take them, its end alone, and its reset. */
function pump(
  from: Socket,
  to: Socket,
  head: Buffer | undefined,
  show: (chunk: Buffer) => Promise<unknown> | undefined,
): void {
  // Written first: an extension never stands between a byte and its receiver, only before the next read.
  const pass = (chunk: Buffer): Promise<unknown> | undefined => {
    const isTaken = to.write(chunk);
    const shown = show(chunk);
    return isTaken && !shown ? undefined : Promise.all([isTaken || drained(to), shown]);
  };
  const resume = (): void => void from.resume();
  from.on("error", () => {});
  from.on("close", (hadError) => {
    if (hadError || !from.readableEnded || !from.writableFinished) reset(to);
  });
  const first = head && head.length > 0 ? pass(head) : undefined;
  if (from.readableEnded) return void to.end();
  from.on("end", () => to.end());
  from.on("data", (chunk) => {
    const wait = pass(chunk);
    if (wait) void (from.pause(), wait.then(resume));
  });
  if (first) void (from.pause(), first.then(resume));
  else resume();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}

function closed(socket: Socket): Promise<unknown> {
  return socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once("close", resolve));
}

function reset(socket: Socket): void {
  if (!socket.destroyed) socket.resetAndDestroy();
}

function addressOf({ remoteAddress = "", remotePort = 0 }: Socket): string {
  return remoteAddress.includes(":") ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}
