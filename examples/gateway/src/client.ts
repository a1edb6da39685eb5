import { once } from "node:events";
import type { Socket } from "node:net";
import { WebSocket } from "ws";

export type Answer = Readonly<Record<string, unknown>> & { type: string };

/** Longest that an answer may take before the example fails. */
const PATIENCE_MS = 20_000;

/** A client of the gateway as a person would write it: it connects, logs in, asks, and reads what comes. */
export class Client {
  /** Address and port as the gateway sees them. */
  readonly addr: string;
  /** Code and reason with which the connection ended; 1006 where it ended without a word. */
  readonly ended: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #tcp: Socket;
  readonly #answers: Answer[] = [];
  #wake: () => void = () => {};

  private constructor(socket: WebSocket, tcp: Socket) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.addr = `${tcp.localAddress}:${tcp.localPort}`;
    socket.on("error", () => {});
    socket.on("message", (data: Buffer) => {
      this.#answers.push(JSON.parse(data.toString("utf8")) as Answer);
      this.#wake();
    });
    this.ended = new Promise((resolve) =>
      socket.once("close", (code: number, reason: Buffer) => {
        resolve({ code, reason: reason.toString("utf8") });
        this.#wake();
      }),
    );
  }

  /** `from` is an address of loopback, so that clients can come from several. */
  static async connect(url: string, from = "127.0.0.1"): Promise<Client> {
    const socket = new WebSocket(url, { localAddress: from, perMessageDeflate: false });
    const upgraded = new Promise<Client>((resolve) =>
      socket.once("upgrade", ({ socket: tcp }) => resolve(new Client(socket, tcp))),
    );
    await once(socket, "open");
    return upgraded;
  }

  async login(token: string): Promise<Answer> {
    this.send({ type: "login", token });
    return this.next();
  }

  async ask(text: string): Promise<Answer> {
    this.send({ type: "ask", id: text, text });
    return this.next();
  }

  send(request: unknown): void {
    this.#socket.send(typeof request === "string" ? request : JSON.stringify(request));
  }

  /** The next thing that the gateway says; `ended` with code and reason once it says nothing any more. */
  async next(): Promise<Answer> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const answer = this.#answers.shift();
      if (answer) return answer;
      if (this.#socket.readyState === WebSocket.CLOSED) return { type: "ended", ...(await this.ended) };
      patience.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        patience.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  async leave(): Promise<void> {
    this.#socket.close(1000);
    await this.ended;
  }

  /** Ends the connection with a TCP reset, as a client does whose machine or program dies. */
  async reset(): Promise<void> {
    this.#tcp.resetAndDestroy();
    await this.ended;
  }
}
