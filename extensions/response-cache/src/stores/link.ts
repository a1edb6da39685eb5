import { createClient, ErrorReply, RESP_TYPES } from "@redis/client";
import type { Clock } from "../clock.js";
import type { RedisPlace } from "../settings.js";

/** First pause before Redis is tried again; doubled each time up to the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Commands that wait for a reply at most; more look-ups than these go without Redis. */
const MOST_COMMANDS = 1_024;

/** One command: its name and arguments. */
export type Command = readonly (string | Buffer)[];
/** Reply to one command: bytes, a number, null, or the error that Redis answered. */
export type Reply = Buffer | number | null | Error;

export interface LinkEvents {
  /** Redis can be asked; `server` names the run of the server, another one after each of its starts. */
  up(server: string): void;
  /** Redis cannot be asked, for a reason in a few words without secrets. */
  down(reason: string): void;
}

/** Thrown by `ask` when there is no connection, or it was lost meanwhile. */
export class Away extends Error {}

type Client = ReturnType<typeof clientFor>;

/**
 * One connection that is either trusted or gone. A command that fails or has no reply in time ends the connection, so that
 * no late reply can be taken for that of another command, and no later command waits for its deadline as well.
 */
export class Link {
  readonly #place: RedisPlace;
  readonly #clock: Clock;
  readonly #events: LinkEvents;
  #client: Client | undefined;
  #server: string | undefined;
  #waiting = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #next: { cancel(): void } | undefined;
  #closed = false;

  constructor(place: RedisPlace, clock: Clock, events: LinkEvents) {
    this.#place = place;
    this.#clock = clock;
    this.#events = events;
  }

  /** The run of the server that is connected; undefined while there is none. */
  get server(): string | undefined {
    return this.#server;
  }

  /** Connects. Resolves when the try is over, never rejects, and goes on trying in the background. */
  async connect(): Promise<void> {
    if (this.#closed) return;
    const client = (this.#client = clientFor(this.#place));
    // The client tells of a lost connection here; without a listener it would end the process.
    client.on("error", (error: unknown) => this.#fall(client, reasonOf(error)));
    client.on("end", () => this.#fall(client, "the connection was closed"));
    try {
      await this.#within(client, client.connect());
      const [info] = await this.#send(client, [["INFO", "server"]]);
      const server = serverIn(info);
      if (this.#client !== client) return;
      this.#server = server;
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#events.up(server);
    } catch (error) {
      this.#fall(client, reasonOf(error));
    }
  }

  /**
   * Sends commands together and resolves with their replies. Rejects with `Away` when there is no connection, too much waits
   * already, or a reply does not come within the deadline.
   */
  async ask(commands: readonly Command[]): Promise<Reply[]> {
    const client = this.#client;
    if (client === undefined || this.#server === undefined) throw new Away("down");
    if (this.#waiting + commands.length > MOST_COMMANDS) throw new Away("busy");
    try {
      return await this.#send(client, commands);
    } catch (error) {
      this.#fall(client, reasonOf(error));
      throw new Away("down", { cause: error });
    }
  }

  /** Ends the connection for a reply that only a server in trouble gives; it is tried again later. */
  distrust(reason: string): void {
    if (this.#client) this.#fall(this.#client, reason);
  }

  close(): void {
    this.#closed = true;
    this.#next?.cancel();
    this.#server = undefined;
    this.#drop();
  }

  async #send(client: Client, commands: readonly Command[]): Promise<Reply[]> {
    this.#waiting += commands.length;
    try {
      const replies = commands.map((command) =>
        client.sendCommand<Reply>(command, AS_BYTES).catch((error: unknown) => {
          if (error instanceof ErrorReply) return error;
          throw error;
        }),
      );
      return await this.#within(client, Promise.all(replies));
    } finally {
      this.#waiting -= commands.length;
    }
  }

  /** Rejects when the deadline of a command is over first. */
  #within<T>(client: Client, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { timeoutMs } = this.#place;
      const timer = this.#clock.after(timeoutMs, () => {
        reject(new Error(`no reply within ${timeoutMs} ms`));
        this.#fall(client, `no reply within ${timeoutMs} ms`);
      });
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  #fall(client: Client, reason: string): void {
    if (this.#client !== client || this.#closed) return;
    this.#server = undefined;
    this.#drop();
    this.#events.down(reason);
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    this.#next = this.#clock.after(pauseMs, () => void this.connect());
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    try {
      client?.destroy();
    } catch {
      // It was not connected yet, or is gone already.
    }
  }
}

const AS_BYTES = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

function clientFor({ url, timeoutMs }: RedisPlace) {
  return createClient({
    url,
    RESP: 2,
    maintNotifications: "disabled",
    disableClientInfo: true,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_COMMANDS,
    socket: { connectTimeout: timeoutMs, reconnectStrategy: false },
  });
}

/** The first word of what the server said, or the system's code: neither holds an address or a password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "it failed";
  if (error instanceof ErrorReply) return `it answered ${wordOf(error)}`;
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  return /^no reply within|^it does not/.test(error.message) ? error.message : error.constructor.name;
}

export function wordOf(error: Error): string {
  return /^[A-Z]{2,20}/.exec(error.message)?.[0] ?? "an error";
}

/** The id that a server has from its start to its end. */
function serverIn(info: Reply | undefined): string {
  if (info instanceof Error) throw info;
  const id = Buffer.isBuffer(info)
    ? /^run_id:([0-9a-f]{40})\r?$/m.exec(info.toString("latin1", 0, 65_536))?.[1]
    : undefined;
  if (id === undefined) throw new Error("it does not say its run_id");
  return id;
}
