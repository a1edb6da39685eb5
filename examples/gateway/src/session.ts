import { on } from "node:events";
import type { JsonObject } from "@synaps/sdk/protocol";
import type { RawData, WebSocket } from "ws";
import type { LiveConfig } from "./config.js";
import { Refused, type Hooks } from "./hooks.js";
import type { Logins } from "./logins.js";
import type { Tool } from "./tools.js";
import { Turn } from "./turn.js";

/** Requests that may wait while one is answered. */
const MAX_WAITING = 16;
/** Bytes that a client may leave unread. */
const MAX_UNREAD_BYTES = 1_048_576;

export interface SessionParts {
  hooks: Hooks;
  config: LiveConfig;
  logins: Logins;
  tools: ReadonlyMap<string, Tool>;
  log: (line: string) => void;
}

/** One connection: it is let in or not, logs in, asks, and ends. */
export class Session {
  readonly #socket: WebSocket;
  /** As TCP has it, whatever hooks make of it. */
  readonly peer: { peer_addr: string; peer_ip: string };
  readonly #parts: SessionParts;
  readonly #messages: AsyncIterator<[RawData], undefined>;
  readonly #gone = new AbortController();
  #waiting = 0;
  #busy = false;
  #finishing = false;

  constructor(socket: WebSocket, peer: { peer_addr: string; peer_ip: string }, parts: SessionParts) {
    this.#socket = socket;
    this.peer = peer;
    this.#parts = parts;
    socket.on("error", () => {});
    socket.on("close", () => this.#gone.abort(new Error("the client is gone")));
    socket.on("message", () => {
      this.#waiting += 1;
      if (this.#waiting <= MAX_WAITING) return;
      this.#close(1008, "too many requests at once");
      // Nothing more is read, so that nothing more has to be kept.
      socket.pause();
    });
    const messages = on(socket, "message", { close: ["close"] });
    this.#messages = messages as AsyncIterator<[RawData], undefined>;
  }

  /** Resolves once the connection has ended and everybody has been told so. */
  async run(): Promise<void> {
    const begun = performance.now();
    const { hooks, log } = this.#parts;
    const { peer_addr } = this.peer;
    try {
      const { peer_ip } = await hooks.ask("gateway.connection", this.peer);
      if (await this.#login(peer_ip)) await this.#answerAll();
      this.#close(1001, "the gateway stops");
    } catch (error) {
      if (!(error instanceof Refused)) log(`${peer_addr}: ${String(error)}`);
      this.#refuse(error);
    }
    if (!this.#gone.signal.aborted) await new Promise((resolve) => this.#socket.once("close", resolve));
    await hooks.tell("gateway.disconnection", { peer_addr, duration: (performance.now() - begun) / 1_000 });
  }

  /** Takes no further request, and closes the connection once the one that is under way is answered. */
  finish(): void {
    this.#finishing = true;
    if (!this.#busy) this.#close(1001, "the gateway stops");
  }

  /** Ends the connection at once, and what is under way. */
  terminate(): void {
    this.#socket.terminate();
  }

  async #login(peer_ip: string): Promise<boolean> {
    const { hooks, config, logins } = this.#parts;
    const { peer_addr } = this.peer;
    const late = setTimeout(() => this.#close(1008, "no login in time"), config.current.login_ms);
    try {
      for (let request; (request = await this.#next());) {
        if (request["type"] !== "login") throw new Refused("log in first", "the gateway");
        const { token: expected, max_attempts: max, lockout_s } = config.current;
        const wasLockedOut = logins.isLockedOut(peer_ip);
        const failure = logins.attempt(
          peer_ip,
          { token: request["token"], expected, max },
          lockout_s * 1_000,
        );
        if (!failure) {
          const facts = await hooks.ask("gateway.auth_success", { peer_addr, method: "token" });
          logins.forget(peer_ip);
          this.#send({ type: "welcome", model: config.current.model, facts });
          return true;
        }
        // A block rejects here: no further try.
        const facts = await hooks.ask("gateway.auth_failure", { peer_addr, method: "token", ...failure });
        this.#send({ type: "login_failed", attempts: failure.attempts, locked_out: facts.locked_out });
        if (!facts.locked_out) continue;
        logins.lockOut(peer_ip, lockout_s * 1_000);
        const reason = "too many failed logins";
        if (!wasLockedOut)
          await hooks.ask("gateway.security_event", {
            event_type: "rate_limit",
            action: "block",
            reason,
            peer_addr,
          });
        throw new Refused(`${reason}: locked out for at most ${lockout_s} s`, "the gateway");
      }
    } finally {
      clearTimeout(late);
    }
    return false;
  }

  async #answerAll(): Promise<void> {
    const { hooks, config, tools } = this.#parts;
    const { peer_addr } = this.peer;
    for (let request; (request = await this.#next()); this.#busy = false) {
      this.#busy = true;
      const { type, id = null, text } = request;
      try {
        if (type !== "ask" || typeof text !== "string")
          throw new Refused('a request is {"type":"ask","id":...,"text":"..."}', "the gateway");
        const turn = new Turn({ hooks, config: config.current, tools, peer_addr, signal: this.#gone.signal });
        this.#send({ type: "answer", id, text: await turn.run(text) });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.#send({ type: "error", id, reason: error.message, by: error.by });
      }
    }
  }

  /** The next request; undefined when there is none any more. */
  async #next(): Promise<JsonObject | undefined> {
    if (this.#finishing) return undefined;
    const message = await this.#messages.next();
    if (message.done || this.#socket.readyState !== this.#socket.OPEN) return undefined;
    this.#waiting -= 1;
    return requestOf(message.value[0]);
  }

  #send(answer: JsonObject): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) return this.terminate();
    this.#socket.send(JSON.stringify(answer));
  }

  #refuse(error: unknown): void {
    if (!(error instanceof Refused)) return this.#close(1011, "the gateway failed");
    this.#send({ type: "refused", reason: error.message, by: error.by });
    this.#close(1008, error.message);
  }

  /** A client that does not answer the close is cut off after 2 s. */
  #close(code: number, reason: string): void {
    // A close frame has room for 123 bytes of reason.
    this.#socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, 120)
        .toString("utf8")
        .replace(/\uFFFD+$/, ""),
    );
  }
}

/** Whatever a client sends is an object; what is no request is told so where it is looked at. */
function requestOf(data: RawData): JsonObject {
  try {
    const value: unknown = JSON.parse((data as Buffer).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
