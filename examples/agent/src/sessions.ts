import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Message } from "./model.js";
import type { Points } from "./points.js";

const SYSTEM = { type: "system", name: "sessions" } as const;

/** One conversation: what was said, and the tokens that it took. */
export class Session {
  readonly id: string;
  messages: Message[] = [];
  tokens = 0;
  readonly #points: Points;
  readonly #folder: string;
  #kept: Message[] = [];

  private constructor(points: Points, folder: string, id: string) {
    this.#points = points;
    this.#folder = folder;
    this.id = id;
  }

  static async start(points: Points, folder: string, id: string): Promise<Session> {
    const session = new Session(points, folder, id);
    await points.tell("agent.session_start", { component: SYSTEM, session_id: id });
    return session;
  }

  /** Goes on from the file of a session that was saved. */
  static async restore(points: Points, folder: string, id: string): Promise<Session> {
    const session = new Session(points, folder, id);
    const saved = JSON.parse(await readFile(session.#file, "utf8")) as Pick<Session, "messages" | "tokens">;
    ({ messages: session.messages, tokens: session.tokens } = saved);
    await points.tell("agent.session_restore", {
      component: SYSTEM,
      session_id: id,
      value: session.messages.length,
    });
    return session;
  }

  /** Keeps what was said so far in memory, for `back`. */
  async checkpoint(): Promise<void> {
    this.#kept = [...this.messages];
    await this.#points.tell("agent.session_checkpoint", {
      component: SYSTEM,
      session_id: this.id,
      value: this.#kept.length,
    });
  }

  /** Forgets what was said since the last checkpoint. The tokens were used all the same. */
  back(): void {
    this.messages = [...this.#kept];
  }

  async save(): Promise<void> {
    const { messages, tokens } = this;
    await writeFile(this.#file, JSON.stringify({ messages, tokens }));
    await this.#points.tell("agent.session_save", { component: SYSTEM, session_id: this.id });
  }

  /** Resolves when everybody was told. */
  async end(reason: string): Promise<void> {
    await this.#points.tell("agent.session_end", { component: SYSTEM, session_id: this.id, reason });
  }

  get #file(): string {
    return join(this.#folder, `session-${this.id}.json`);
  }
}
