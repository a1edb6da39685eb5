import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { TypedHost } from "@synaps/host";
import type { messagingCatalog } from "@synaps/sdk/catalogs";
import { lines } from "./lines.js";
import { readRequest, type Message, type Request } from "./requests.js";
import { Store, type Stored } from "./store.js";
import { Users } from "./users.js";

export type RelayHost = TypedHost<readonly [typeof messagingCatalog]>;

export interface Relay {
  readonly port: number;
  close(): Promise<void>;
}

/** Longest line of a client: a batch of 10,000 small messages fits. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Messages of a batch that are with the extensions at a time. */
const AT_A_TIME = 64;

/**
 * Starts a relay on the loopback interface. Clients send one JSON object per line and get one per line, in order. Extensions
 * see who sends to whom, when and how much, and never the content.
 */
export async function startRelay(host: RelayHost, port = 0): Promise<Relay> {
  const store = new Store();
  const users = new Users();
  const clients = new Set<Socket>();

  /** Asks whether one message may be stored. Returns the reason of a no. */
  const stored = async (message: Message, sender: string | null): Promise<Entry | string> => {
    if (sender === null && !message.sealed) return "log in first, or seal the sender";
    if (!store.hasRoom(message.to)) return "the recipient has too many messages waiting";
    const entry = {
      sender_identity: message.sealed ? null : sender,
      recipient_key: message.to,
      channel_id: message.channel,
      payload_len: Buffer.byteLength(message.payload, "base64"),
      seq: store.nextSeq(),
    };
    const outcome = await host.emit({ kind: "messaging.message_enqueue", data: entry });
    if (outcome.action === "block") return outcome.reason;
    const { seq, sender_identity, channel_id: channel } = entry;
    store.put(message.to, { seq, sender: sender_identity, channel, payload: message.payload });
    return entry;
  };

  const batch = async (messages: readonly Message[], sender: string | null): Promise<object> => {
    const ends: (Entry | string)[] = [];
    for (let from = 0; from < messages.length; from += AT_A_TIME) {
      const some = messages.slice(from, from + AT_A_TIME);
      ends.push(...(await Promise.all(some.map((message) => stored(message, sender)))));
    }
    const data = ends.filter((end) => typeof end !== "string");
    if (data.length > 0) await host.emit({ kind: "messaging.batch_enqueue", data });
    return { ok: true, results: ends.map(resultOf) };
  };

  const answer = async (request: Request, session: { key: string | null }): Promise<object> => {
    switch (request.op) {
      case "register": {
        const { username, key, password } = request;
        if (!users.register(username, key, password)) return refusal("the name is taken");
        const data = { username, identity_key: key };
        await host.emit({ kind: "messaging.user_registered", data });
        return { ok: true };
      }
      case "login": {
        const { username, password } = request;
        session.key = users.login(username, password) ?? null;
        const success = session.key !== null;
        const failure_reason = success ? "" : "wrong name or password";
        await host.emit({ kind: "messaging.auth", data: { username, success, failure_reason } });
        return success ? { ok: true } : refusal(failure_reason);
      }
      case "send":
        return resultOf(await stored(request.message, session.key));
      case "batch":
        return batch(request.messages, session.key);
      case "channel": {
        if (session.key === null) return refusal("log in first");
        const { id, wasNew } = users.channel(session.key, request.peer);
        const data = { channel_id: id, initiator_key: session.key, peer_key: request.peer, was_new: wasNew };
        await host.emit({ kind: "messaging.channel_created", data });
        return { ok: true, channel: id, was_new: wasNew };
      }
      case "fetch": {
        if (session.key === null) return refusal("log in first");
        const messages: Stored[] = await store.take(
          session.key,
          request.channel,
          request.most,
          request.waitMs,
        );
        const data = {
          recipient_key: session.key,
          channel_id: request.channel,
          message_count: messages.length,
        };
        await host.emit({ kind: "messaging.fetch", data });
        return { ok: true, messages };
      }
    }
  };

  const serve = async (socket: Socket): Promise<void> => {
    const session: { key: string | null } = { key: null };
    for await (const line of lines(socket, MAX_LINE_BYTES)) {
      const request = readRequest(line);
      const said = typeof request !== "string" ? await answer(request, session) : refusal(request);
      // Nothing more is read before the client takes its answers.
      if (!socket.write(`${JSON.stringify(said)}\n`) && !socket.destroyed) await once(socket, "drain");
    }
    socket.end();
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    clients.add(socket);
    socket.on("error", () => {}).on("close", () => clients.delete(socket));
    serve(socket).catch(() => socket.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of clients) socket.destroy();
      store.wakeAll();
      await closed;
    },
  };
}

/** What extensions are told of one message. */
interface Entry {
  sender_identity: string | null;
  recipient_key: string;
  channel_id: string;
  payload_len: number;
  seq: string;
}

function resultOf(end: Entry | string): object {
  return typeof end === "string" ? refusal(end) : { ok: true, seq: end.seq };
}

function refusal(error: string): object {
  return { ok: false, error };
}
