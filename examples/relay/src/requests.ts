export interface Message {
  to: string;
  channel: string;
  payload: string;
  sealed: boolean;
}

export type Request =
  | { op: "register"; username: string; key: string; password: string }
  | { op: "login"; username: string; password: string }
  | { op: "channel"; peer: string }
  | { op: "send"; message: Message }
  | { op: "batch"; messages: readonly Message[] }
  | { op: "fetch"; channel: string; most: number; waitMs: number };

const MAX_NAME = 64;
const MAX_PASSWORD = 256;
const MAX_BATCH = 10_000;
const MAX_FETCH = 10_000;
/** A client that waits longer asks again. */
const MAX_WAIT_MS = 30_000;

/** Reads one line of a client; a text says what is wrong with it. */
export function readRequest(line: string): Request | string {
  try {
    return read(JSON.parse(line) as unknown);
  } catch (error) {
    return error instanceof Wrong ? error.message : "a request is one line of JSON";
  }
}

class Wrong extends Error {}

function read(value: unknown): Request {
  const from = object(value);
  switch (from["op"]) {
    case "register":
      return { op: "register", ...userOf(from), key: keyIn(from, "key") };
    case "login":
      return { op: "login", ...userOf(from) };
    case "channel":
      return { op: "channel", peer: keyIn(from, "peer") };
    case "send":
      return { op: "send", message: messageIn(from) };
    case "batch": {
      const { messages } = from;
      if (!Array.isArray(messages) || messages.length > MAX_BATCH)
        throw new Wrong(`'messages' is a list of at most ${MAX_BATCH}`);
      return { op: "batch", messages: messages.map((one) => messageIn(object(one))) };
    }
    case "fetch":
      return {
        op: "fetch",
        channel: channelIn(from),
        most: wholeIn(from, "most", MAX_FETCH),
        waitMs: wholeIn(from, "wait_ms", MAX_WAIT_MS, 0),
      };
    default:
      throw new Wrong("'op' is register, login, channel, send, batch or fetch");
  }
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new Wrong("a request is an object, and so is each message");
}

function userOf(from: Record<string, unknown>): { username: string; password: string } {
  return { username: textIn(from, "username", MAX_NAME), password: textIn(from, "password", MAX_PASSWORD) };
}

function messageIn(from: Record<string, unknown>): Message {
  const payload = from["payload"];
  if (bytesOf(payload) === undefined) throw new Wrong("'payload' is base64");
  return {
    to: keyIn(from, "to"),
    channel: channelIn(from),
    payload: payload as string,
    sealed: from["sealed"] === true,
  };
}

function textIn(from: Record<string, unknown>, name: string, most: number): string {
  const text = from[name];
  if (typeof text === "string" && text !== "" && text.length <= most) return text;
  throw new Wrong(`'${name}' is a text of 1 to ${most} characters`);
}

function keyIn(from: Record<string, unknown>, name: string): string {
  if (bytesOf(from[name]) === 32) return from[name] as string;
  throw new Wrong(`'${name}' is a key: 32 bytes in base64`);
}

/** The empty text is the default channel. */
function channelIn(from: Record<string, unknown>): string {
  const { channel = "" } = from;
  const bytes = bytesOf(channel);
  if (bytes === 0 || bytes === 16) return channel as string;
  throw new Wrong("'channel' is 16 bytes in base64, or empty");
}

function wholeIn(from: Record<string, unknown>, name: string, most: number, usual = most): number {
  const { [name]: number = usual } = from;
  if (Number.isSafeInteger(number) && (number as number) >= 0 && (number as number) <= most)
    return number as number;
  throw new Wrong(`'${name}' is a whole number of at most ${most}`);
}

function bytesOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const bytes = Buffer.from(value, "base64");
  return bytes.toString("base64") === value ? bytes.length : undefined;
}
