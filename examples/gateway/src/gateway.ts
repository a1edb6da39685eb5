import { once, setMaxListeners } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Host } from "@synaps/host";
import { WebSocketServer } from "ws";
import { LiveConfig } from "./config.js";
import { Hooks } from "./hooks.js";
import { Logins } from "./logins.js";
import { Session, type SessionParts } from "./session.js";
import { createTools } from "./tools.js";

const MAX_CONNECTIONS = 1_000;
/** Connections of one address, so that nobody takes the places of all others. */
const MAX_OF_ONE_ADDRESS = 100;
const MAX_REQUEST_BYTES = 65_536;
const SOCKETS = { noServer: true, maxPayload: MAX_REQUEST_BYTES, closeTimeout: 2_000 };
/** A client that vanished without a word is found out by TCP. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 60_000 };

export interface GatewayOptions {
  /** A started host with the gateway catalog. The gateway does not stop it. */
  host: Host;
  /** Path of the configuration file, which is followed. */
  config: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Time for turns that are under way when the gateway stops. Default 5 s. */
  drainMs?: number;
  log?: (line: string) => void;
}

/** A gateway for agents: clients log in over WebSocket, ask a model, and the model calls tools. */
export class Gateway {
  readonly #server = createServer(KEEP_ALIVE, (_, response) =>
    response.writeHead(426).end("This is a WebSocket server.\n"),
  );
  readonly #sockets = new WebSocketServer(SOCKETS);
  readonly #sessions = new Map<Session, Promise<void>>();
  readonly #giveUp = new AbortController();
  readonly #options: Required<GatewayOptions>;
  readonly #hooks: Hooks;
  readonly #config: LiveConfig;
  readonly #parts: SessionParts;
  #url = "";
  #serves = false;
  #stopped: Promise<void> | undefined;

  /** Throws an Error for a configuration file that is wrong. */
  constructor(options: GatewayOptions) {
    this.#options = { port: 0, drainMs: 5_000, log: () => {}, ...options };
    // Every event that is open listens to it.
    setMaxListeners(0, this.#giveUp.signal);
    this.#hooks = new Hooks(options.host, this.#giveUp.signal);
    this.#config = new LiveConfig(options.config);
    const { log } = this.#options;
    const shared = { logins: new Logins(), tools: createTools() };
    this.#parts = { hooks: this.#hooks, config: this.#config, log, ...shared };
  }

  /** Where it is reached, as the hooks of its start left it. */
  get url(): string {
    return this.#url;
  }

  /** Takes the port, and serves once no hook objects. Rejects with `Refused` if one does; then the port is free again. */
  async start(): Promise<void> {
    const { port, log } = this.#options;
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    const gateway_url = `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    try {
      ({ gateway_url: this.#url } = await this.#hooks.ask("gateway.startup", {
        gateway_url,
        tls_enabled: false,
      }));
      if (this.#stopped) throw new Error("the gateway was stopped before it served");
    } catch (error) {
      this.#server.close();
      throw error;
    }
    this.#serves = true;
    // Only now: a client that comes earlier is turned away by the server.
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#config.follow(
      (changes) =>
        void this.#hooks
          .tell("gateway.config_reload", { changes })
          .catch((error: unknown) => log(String(error))),
      (reason) => log(`the configuration stays as it was: ${reason}`),
    );
  }

  /**
   * Takes no further connections and requests, gives what is under way `drainMs`, ends all connections, and waits until
   * every hook has heard of the shutdown, at most for the host's `lifecycleBudgetMs`.
   */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #stop(): Promise<void> {
    this.#config.close();
    this.#server.close();
    for (const session of this.#sessions.keys()) session.finish();
    const late = setTimeout(() => {
      this.#giveUp.abort(new Error("the gateway stops"));
      for (const session of this.#sessions.keys()) session.terminate();
    }, this.#options.drainMs);
    await Promise.all(this.#sessions.values());
    clearTimeout(late);
    this.#server.closeAllConnections();
    if (this.#serves) await this.#hooks.tell("gateway.shutdown");
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { remoteAddress, remotePort } = request.socket;
    if (remoteAddress === undefined) return void socket.destroy();
    if (this.#stopped || this.#isFull(remoteAddress))
      return void socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      const peer = { peer_addr: `${remoteAddress}:${remotePort}`, peer_ip: remoteAddress };
      const session = new Session(client, peer, this.#parts);
      const ended = session
        .run()
        .catch((error: unknown) => this.#options.log(`${peer.peer_addr}: ${String(error)}`));
      this.#sessions.set(session, ended);
      void ended.then(() => this.#sessions.delete(session));
    });
  }

  #isFull(address: string): boolean {
    const sessions = [...this.#sessions.keys()];
    const ofAddress = sessions.filter(({ peer }) => peer.peer_ip === address);
    return sessions.length >= MAX_CONNECTIONS || ofAddress.length >= MAX_OF_ONE_ADDRESS;
  }
}
