import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../clock.js";
import type { RedisPlace } from "../settings.js";
import { Entries, type Opened, type Wrong } from "./entry.js";
import { Link, wordOf, type Command, type Reply } from "./link.js";
import { Outages } from "./outages.js";
import { Owed } from "./owed.js";
import type { Bounds, Found, Store } from "./store.js";

export interface Surroundings {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** The extension's folder. */
  readonly folder: string;
}

/** A group's token stands longer than any entry. */
const GROUP_MS = 60 * 24 * 60 * 60_000;
const TOKEN_BYTES = 64;
const TOKEN = /^[0-9a-f]{32}$/;

/** Writes that wait for a reply at most; a further output is not kept. */
const MOST_WRITES = 64;

/** Answers in Redis, shared by all processes with the same prefix. Resolves once Redis is there, or was tried in vain. */
export async function redisStore(
  place: RedisPlace,
  bounds: () => Bounds,
  surroundings: Surroundings,
): Promise<Store> {
  const store = new RedisStore(place, bounds, surroundings);
  await store.connect();
  return store;
}

class RedisStore implements Store {
  readonly #place: RedisPlace;
  readonly #bounds: () => Bounds;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #entries: Entries;
  readonly #link: Link;
  readonly #owed: Owed;
  readonly #outages: Outages;
  /** Values that were no answers, by reason. */
  readonly #wrong = new Map<Wrong | "wrong_type" | "no_token", number>();
  #writing = 0;
  #writes = { written: 0, dropped: 0, refused: 0 };
  /** One carrying out at a time. */
  #settling: Promise<boolean> = Promise.resolve(true);

  constructor(place: RedisPlace, bounds: () => Bounds, { clock, log, folder }: Surroundings) {
    this.#place = place;
    this.#bounds = bounds;
    this.#clock = clock;
    this.#log = log;
    this.#entries = new Entries(place.signingKey, bounds);
    this.#owed = new Owed(folder, `${place.shown} ${place.prefix}`, log);
    this.#outages = new Outages(`Redis at ${place.shown}`, clock, log);
    this.#link = new Link(place, clock, {
      up: () => void this.#back(),
      down: (reason) => this.#outages.begin(reason),
    });
  }

  async connect(): Promise<void> {
    if (this.#owed.size > 0)
      this.#log(
        `${this.#owed.size} invalidations of an earlier process wait for Redis: carried out before it is read`,
      );
    await this.#link.connect();
    await this.#settling;
  }

  async find(key: string, groups: readonly string[]): Promise<Found> {
    const { server } = this.#link;
    if (server === undefined) return this.#away("Redis is down");
    if (this.#owed.has(groups)) return this.#away("an invalidation waits for Redis");
    const tokenNames = groups.map((group) => this.#tokenName(server, group));
    const name = this.#entryName(server, key);
    let replies: Reply[];
    try {
      // The tokens first: an invalidation between the two makes the entry too old, never too new.
      replies = await this.#link.ask([
        ...tokenNames.map((one) => ["GETRANGE", one, "0", String(TOKEN_BYTES)]),
        ["GETRANGE", name, "0", String(this.#entries.mostBytes)],
      ]);
    } catch {
      return this.#away("Redis is down");
    }
    const failed = replies.find((reply) => reply instanceof Error && wordOf(reply) !== "WRONGTYPE");
    if (failed instanceof Error) {
      this.#link.distrust(`it answered ${wordOf(failed)}`);
      return this.#away("Redis is down");
    }
    // An invalidation may have come while the reply was on its way.
    if (this.#owed.has(groups)) return this.#away("an invalidation waits for Redis");
    const seal = this.#sealOf(server, tokenNames, replies);
    if (seal === undefined) return {};
    const output = this.#outputIn(name, replies.at(-1), seal);
    return output === undefined ? { seal } : { seal, output };
  }

  keep(key: string, seal: string, output: string): void {
    const { server } = this.#link;
    if (server === undefined || this.#writing >= MOST_WRITES) {
      this.#writes.dropped += 1;
      return this.#outages.lostWrite();
    }
    const name = this.#entryName(server, key);
    const value = this.#entries.write(name, seal, output, this.#clock.now());
    this.#writing += 1;
    this.#link
      .ask([["SET", name, value, "PX", String(this.#bounds().ttlMs)]])
      .then(
        ([reply]) => {
          if (!(reply instanceof Error)) this.#writes.written += 1;
          else this.#refused(reply);
        },
        () => {
          this.#writes.dropped += 1;
          this.#outages.lostWrite();
        },
      )
      .finally(() => (this.#writing -= 1));
  }

  async drop(groups: readonly string[]): Promise<void> {
    // From here on this process finds nothing of these groups, whatever Redis says.
    this.#owed.add(groups);
    if (await this.#settle()) return;
    this.#owed.save();
    this.#outages.owes(this.#owed.size);
  }

  status(): Readonly<Record<string, string | number>> {
    return {
      store: "redis",
      redis: this.#place.shown,
      ...this.#outages.status(),
      ...this.#writes,
      owed: this.#owed.size,
      ...Object.fromEntries([...this.#wrong].map(([reason, count]) => [`wrong_${reason}`, count])),
    };
  }

  async close(): Promise<void> {
    if (this.#owed.size > 0 && !(await this.#settle())) this.#owed.save();
    this.#link.close();
  }

  /** Redis was reached: it is read again once nothing is owed any more. */
  async #back(): Promise<void> {
    if (await this.#settle()) this.#outages.end();
  }

  /** Carries out what is owed, and says if nothing is left. */
  #settle(): Promise<boolean> {
    return (this.#settling = this.#settling.then(() => this.#carryOut()));
  }

  async #carryOut(): Promise<boolean> {
    while (this.#owed.size > 0) {
      const { server } = this.#link;
      if (server === undefined) return false;
      const { list } = this.#owed;
      const commands = [...list.keys()].map((group) => newToken(this.#tokenName(server, group)));
      try {
        const replies = await this.#link.ask(commands);
        const refused = replies.find((reply) => reply instanceof Error);
        if (refused instanceof Error) {
          this.#link.distrust(`it refuses an invalidation with ${wordOf(refused)}`);
          return false;
        }
      } catch {
        return false;
      }
      this.#owed.settled(list);
    }
    return true;
  }

  /** A text for the server's run and the tokens of the groups; undefined where one is missing, which is set anew. */
  #sealOf(server: string, names: readonly string[], replies: readonly Reply[]): string | undefined {
    const tokens = names.map((_name, index) => String(replies[index]));
    const missing = names.filter((_name, index) => !TOKEN.test(tokens[index] ?? ""));
    if (missing.length === 0)
      return createHash("sha256")
        .update([server, ...tokens].join(" "))
        .digest("hex")
        .slice(0, 32);
    const isStrange = replies
      .slice(0, names.length)
      .some((reply) => !Buffer.isBuffer(reply) || (reply.length > 0 && !TOKEN.test(String(reply))));
    if (isStrange) this.#tell("no_token");
    // What stands there is no token of ours, or nothing does: whatever was kept under it counts no more.
    this.#link
      .ask(missing.map((name) => newToken(name, isStrange ? undefined : "NX")))
      .catch(() => undefined);
    return undefined;
  }

  #outputIn(name: string, reply: Reply | undefined, seal: string): string | undefined {
    if (!Buffer.isBuffer(reply)) return this.#tell("wrong_type");
    if (reply.length === 0) return undefined;
    const opened: Opened = this.#entries.open(name, reply, this.#clock.now());
    if ("wrong" in opened) return this.#tell(opened.wrong);
    return opened.seal === seal ? opened.output : undefined;
  }

  /** Counts a value that is no answer, and says so the 1st, 10th, 100th time. */
  #tell(reason: Wrong | "wrong_type" | "no_token"): undefined {
    const count = (this.#wrong.get(reason) ?? 0) + 1;
    this.#wrong.set(reason, count);
    if (isRound(count))
      this.#log(
        `a value below '${this.#place.prefix}' in Redis is not ours (${reason}): counted as a miss; ${count} so far`,
      );
    return undefined;
  }

  #refused(reply: Error): void {
    this.#writes.refused += 1;
    if (isRound(this.#writes.refused))
      this.#log(`Redis refuses to keep an answer (${wordOf(reply)}): ${this.#writes.refused} so far`);
  }

  #away(why: string): Found {
    this.#outages.lookup();
    return { away: why };
  }

  #entryName(server: string, key: string): string {
    return `${this.#place.prefix}:${server.slice(0, 12)}:e:${key}`;
  }

  #tokenName(server: string, group: string): string {
    const digest = createHash("sha256").update(group).digest("hex").slice(0, 32);
    return `${this.#place.prefix}:${server.slice(0, 12)}:g:${digest}`;
  }
}

function newToken(name: string, only?: "NX"): Command {
  const token = randomBytes(16).toString("hex");
  return ["SET", name, token, "PX", String(GROUP_MS), ...(only === undefined ? [] : [only])];
}

function isRound(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
