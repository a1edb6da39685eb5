import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { lines } from "./lines.js";

/** An answer of the relay; `error` says why not. */
export interface Answer {
  ok: boolean;
  error?: string;
  seq?: string;
  channel?: string;
  was_new?: boolean;
  messages?: { seq: string; sender: string | null; channel: string; payload: string }[];
  results?: { ok: boolean; error?: string; seq?: string }[];
}

/** One connection to the relay: a request, then its answer. */
export class Client {
  readonly #socket: Socket;
  readonly #answers: AsyncGenerator<string, void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#answers = lines(socket, 64 * 1024 * 1024);
  }

  static async to(port: number): Promise<Client> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new Client(socket);
  }

  /** Sends a request and waits for its answer. Rejects when the relay ends the connection instead. */
  async ask(request: object | string): Promise<Answer> {
    this.#socket.write(`${typeof request === "string" ? request : JSON.stringify(request)}\n`);
    const next: IteratorResult<string, void> = await this.#answers.next();
    if (next.done) throw new Error("the relay ended the connection");
    return JSON.parse(next.value) as Answer;
  }

  end(): void {
    this.#socket.destroy();
  }
}
