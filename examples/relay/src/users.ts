import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

interface User {
  key: string;
  salt: Buffer;
  hash: Buffer;
}

/** Names, keys and passwords. Keys are 32 bytes in base64. */
export class Users {
  readonly #users = new Map<string, User>();
  readonly #channels = new Map<string, string>();

  /** False if the name is taken. */
  register(name: string, key: string, password: string): boolean {
    if (this.#users.has(name)) return false;
    const salt = randomBytes(16);
    this.#users.set(name, { key, salt, hash: digest(password, salt) });
    return true;
  }

  /** The key of the user; undefined for a name that is unknown and for a wrong password, which look alike. */
  login(name: string, password: string): string | undefined {
    const user = this.#users.get(name);
    const isRight = timingSafeEqual(digest(password, user?.salt ?? NO_SALT), user?.hash ?? NO_HASH);
    return user && isRight ? user.key : undefined;
  }

  /** The channel of two keys, which is the same whoever asks. */
  channel(one: string, other: string): { id: string; wasNew: boolean } {
    const pair = [one, other].sort().join(" ");
    const known = this.#channels.get(pair);
    if (known !== undefined) return { id: known, wasNew: false };
    const id = randomBytes(16).toString("base64");
    this.#channels.set(pair, id);
    return { id, wasNew: true };
  }
}

const NO_SALT = Buffer.alloc(16);
const NO_HASH = Buffer.alloc(32);

/** Cheap, so that the example runs fast. Take the defaults of scrypt, and its asynchronous form, for anything else. */
function digest(password: string, salt: Buffer): Buffer {
  return scryptSync(password, salt, 32, { N: 1024 });
}
