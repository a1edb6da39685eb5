import { EventEmitter, once } from "node:events";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { TypedHost } from "@synaps/host";
import type { gatewayCatalog } from "@synaps/sdk/catalogs";
import type { Book, Decided, Facts } from "./book.js";
import { Client } from "./client.js";
import type { GatewayConfig } from "./config.js";
import type { Gateway } from "./gateway.js";
import type { Attempt } from "./logins.js";
import type { ScriptedModel } from "./scripted-model.js";

export const TOKEN = "a-token-for-the-example";
export const METHOD = "token";

export type GatewayHost = TypedHost<readonly [typeof gatewayCatalog]>;

export interface StageParts {
  host: GatewayHost;
  gateway: Gateway;
  model: ScriptedModel;
  book: Book;
  configFile: string;
  /** Is told what was done and what came of it. */
  say: (who: string, did: string, got: string) => void;
}

/** Where the clients act: what each of them does is booked as it is done. */
export class Stage {
  readonly parts: StageParts;
  readonly #heard: { kind: string; data: unknown }[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor(parts: StageParts) {
    this.parts = parts;
    for (const kind of ["gateway.disconnection", "gateway.config_reload"] as const)
      parts.host.subscribe(kind, ({ data }) => {
        this.#heard.push({ kind, data });
        this.#changes.emit("heard");
      });
  }

  get provider(): string {
    return new URL(this.parts.model.url).hostname;
  }

  async connect(from: string, decided?: Decided): Promise<Client> {
    const client = await Client.connect(this.parts.gateway.url, from);
    this.parts.book.add("Connection", { peer_addr: client.addr, peer_ip: from }, decided);
    return client;
  }

  /** Connects and logs in with the right token. */
  async comesIn(from: string): Promise<Client> {
    const client = await this.connect(from);
    const { type } = await client.login(TOKEN);
    this.parts.book.add("AuthSuccess", { peer_addr: client.addr, method: METHOD });
    this.parts.say(from, "logs in", type);
    return client;
  }

  /** Sends a wrong token, and books the failure that the gateway tells. */
  async guesses(client: Client): Promise<Attempt> {
    const { type, attempts, locked_out } = await client.login("a guess");
    if (type !== "login_failed") throw new Error(`a guess was answered with '${type}'`);
    const failure = { attempts: Number(attempts), locked_out: locked_out === true };
    this.parts.book.add("AuthFailure", { peer_addr: client.addr, method: METHOD, ...failure });
    return failure;
  }

  /** Facts of the threat that the gateway sees in a prompt that wants earlier instructions to be ignored. */
  injection({ addr }: Client, action: "warn" | "sanitize" | "block"): Facts {
    const reason = "asks to ignore earlier instructions";
    return { event_type: "prompt_injection", action, reason, peer_addr: addr };
  }

  /** Facts of the threat that the gateway sees in too many failed logins. */
  lockOut({ addr }: Client): Facts {
    return { event_type: "rate_limit", action: "block", reason: "too many failed logins", peer_addr: addr };
  }

  /** Books one call of the model. */
  called({ addr }: Client, success = true, bill = this.parts.model.bills.at(-1)): void {
    const { book } = this.parts;
    const asked = { provider: this.provider, model: "scripted-1" };
    const { input_tokens, output_tokens } = (success && bill) || { input_tokens: 0, output_tokens: 0 };
    book.add("BeforeProviderCall", { ...asked, peer_addr: addr });
    book.add("AfterProviderCall", { ...asked, success, input_tokens, output_tokens });
  }

  /** Books that the connection has ended, and waits until it was told. */
  async ended(client: Client): Promise<void> {
    this.parts.book.add("Disconnection", { peer_addr: client.addr });
    await this.#hear("gateway.disconnection", (data) => data["peer_addr"] === client.addr);
  }

  /** Edits the file of the running gateway, and waits until the gateway has told so. */
  async edits(changes: Partial<GatewayConfig>): Promise<void> {
    const { configFile, book, say } = this.parts;
    const before = JSON.parse(readFileSync(configFile, "utf8")) as GatewayConfig;
    const told = Object.entries(changes).map(
      ([key, value]) => `${key}: ${String(before[key as keyof GatewayConfig])} -> ${value}`,
    );
    writeConfig(configFile, { ...before, ...changes });
    await this.#hear("gateway.config_reload", () => true);
    book.add("ConfigReload", { changes: told.join(", ") });
    say("the file", "is edited", told.join(", "));
  }

  async #hear(kind: string, fits: (data: Record<string, unknown>) => boolean): Promise<void> {
    for (;;) {
      const at = this.#heard.findIndex(
        (one) => one.kind === kind && fits(one.data as Record<string, unknown>),
      );
      if (at >= 0) return void this.#heard.splice(at, 1);
      await once(this.#changes, "heard");
    }
  }
}

/** Moved into its place, so that nobody reads a half of it. */
export function writeConfig(path: string, config: GatewayConfig): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(config, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

export function configFor(model: ScriptedModel): GatewayConfig {
  return {
    token: TOKEN,
    max_attempts: 3,
    lockout_s: 60,
    login_ms: 5_000,
    provider_url: model.url,
    model: "scripted-1",
    provider_ms: 1_000,
    prompt_injection: "warn",
    ssrf: "block",
  };
}

/** Runs some work while a hook of the program stands at one place. */
export async function withHook(off: () => void, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    off();
  }
}
