import { readFileSync, statSync } from "node:fs";

/** The configuration file of the gateway: one JSON object with these keys, all of them required. */
export interface GatewayConfig {
  /** What a client has to send to log in. */
  token: string;
  /** Failed logins from one address until it is locked out. */
  max_attempts: number;
  lockout_s: number;
  /** Time until a client that has not logged in is cut off. */
  login_ms: number;
  provider_url: string;
  model: string;
  /** Time for one answer of the provider. */
  provider_ms: number;
  prompt_injection: "warn" | "block" | "sanitize";
  ssrf: "warn" | "block";
}

const MAX_BYTES = 65_536;
/** Longest of a day, so that no wrong unit waits for ever. */
const MAX_MS = 86_400_000;

const RULES: Readonly<Record<keyof GatewayConfig, { may: string; holds: (value: unknown) => boolean }>> = {
  token: { may: "a text of 8 characters or more", holds: (value) => isText(value) && value.length >= 8 },
  max_attempts: { may: "a whole number from 1 to 100", holds: (value) => isWhole(value, 1, 100) },
  lockout_s: { may: "a whole number from 1 to 86400", holds: (value) => isWhole(value, 1, MAX_MS / 1_000) },
  login_ms: { may: "a whole number from 1 to 86400000", holds: (value) => isWhole(value, 1, MAX_MS) },
  provider_url: { may: "an address with http or https", holds: isWebAddress },
  model: { may: "a name", holds: (value) => isText(value) && value !== "" },
  provider_ms: { may: "a whole number from 1 to 86400000", holds: (value) => isWhole(value, 1, MAX_MS) },
  prompt_injection: oneOf("warn", "block", "sanitize"),
  ssrf: oneOf("warn", "block"),
};

/** Keys whose values are shown nowhere. */
const SECRETS: ReadonlySet<string> = new Set(["token"]);

/** Reads and checks the file. Throws an Error that names the key, its value unless it is secret, and what it may be. */
export function readConfig(path: string): GatewayConfig {
  return checkedConfig(path, readText(path));
}

function readText(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile() || stat.size > MAX_BYTES)
    throw new Error(`${path} is no file of at most ${MAX_BYTES} bytes`);
  return readFileSync(path, "utf8");
}

function checkedConfig(path: string, text: string): GatewayConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${path} is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${path} is no JSON object`);
  const entries = value as Record<string, unknown>;
  for (const key of Object.keys(entries))
    if (!Object.hasOwn(RULES, key))
      throw new Error(`${path}: there is no key '${key}'; there are ${Object.keys(RULES).join(", ")}`);
  for (const [key, { may, holds }] of Object.entries(RULES))
    if (!holds(entries[key])) throw new Error(`${path}: '${key}' is ${shown(key, entries[key])}, not ${may}`);
  return value as GatewayConfig;
}

/** Keys with the values before and after, as in "ssrf: warn -> block". Empty if nothing differs. */
export function changesOf(before: GatewayConfig, after: GatewayConfig): string {
  const keys = Object.keys(RULES) as (keyof GatewayConfig)[];
  return keys
    .filter((key) => before[key] !== after[key])
    .map((key) =>
      SECRETS.has(key) ? `${key}: changed` : `${key}: ${String(before[key])} -> ${String(after[key])}`,
    )
    .join(", ");
}

/** Time between two looks at the file. It is small, so it is read whole: its times can stay the same when it changes. */
const LOOK_MS = 100;

/** The configuration as it is now: a file that is edited counts from then on, one that is wrong changes nothing. */
export class LiveConfig {
  readonly #path: string;
  #current: GatewayConfig;
  /** The file as it was last seen, or why it could not be read. */
  #seen: string;
  #timer: NodeJS.Timeout | undefined;

  /** Throws as `readConfig` does. */
  constructor(path: string) {
    this.#path = path;
    this.#seen = readText(path);
    this.#current = checkedConfig(path, this.#seen);
  }

  get current(): GatewayConfig {
    return this.#current;
  }

  /**
   * Looks at the file ten times a second, and compares it with what the constructor read. `changed` is told of what differs,
   * `refused` of why a file was not taken, once for each state of the file.
   */
  follow(changed: (changes: string) => void, refused: (reason: string) => void): void {
    this.#timer = setInterval(() => this.#look(changed, refused), LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(changed: (changes: string) => void, refused: (reason: string) => void): void {
    let text: string | undefined;
    try {
      text = readText(this.#path);
      if (text === this.#seen) return;
      this.#seen = text;
      const next = checkedConfig(this.#path, text);
      const changes = changesOf(this.#current, next);
      this.#current = next;
      if (changes !== "") changed(changes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (text === undefined && reason === this.#seen) return;
      this.#seen = text ?? reason;
      refused(reason);
    }
  }
}

function oneOf(...values: readonly string[]): { may: string; holds: (value: unknown) => boolean } {
  return { may: `one of ${values.join(", ")}`, holds: (value) => isText(value) && values.includes(value) };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isWhole(value: unknown, from: number, to: number): boolean {
  return Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
}

function isWebAddress(value: unknown): boolean {
  return isText(value) && ["http:", "https:"].includes(URL.parse(value)?.protocol ?? "");
}

function shown(key: string, value: unknown): string {
  if (value === undefined) return "missing";
  return SECRETS.has(key) ? "of another form" : JSON.stringify(value).slice(0, 80);
}
