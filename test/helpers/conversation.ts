import type { Extension } from "@synaps/sdk";
import type { SendResult } from "@synaps/sdk/framing";
import { setImmediate } from "node:timers/promises";
import { Session } from "../../packages/sdk/src/serve/session.js";

export interface Reply {
  jsonrpc: "2.0";
  id: string | number;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** A session without framing: what goes in and out is seen as it is. */
export interface Conversation {
  session: Session;
  replies: Reply[];
  logs: string[];
  finished: () => number;
  /** Hands a message in and waits until all that can be answered now is answered. */
  say(message: unknown): Promise<void>;
  /** `say` for a request; resolves with its reply, undefined when there is none yet. */
  ask(method: string, params?: unknown, id?: string | number): Promise<Reply | undefined>;
}

export function converse(
  extension: Extension,
  send: (body: string) => SendResult = () => "sent",
): Conversation {
  const replies: Reply[] = [];
  const logs: string[] = [];
  let finished = 0;
  let lastId = 0;
  const session = new Session(extension, {
    send: (body) => {
      const result = send(body);
      if (result === "sent") replies.push(JSON.parse(body) as Reply);
      return result;
    },
    log: (line) => void logs.push(line),
    finished: () => void (finished += 1),
  });
  const say = async (message: unknown): Promise<void> => {
    session.receive(message);
    await setImmediate();
  };
  return {
    session,
    replies,
    logs,
    finished: () => finished,
    say,
    ask: async (method, params, id = ++lastId) => {
      await say({ jsonrpc: "2.0", method, params, id });
      return replies.find((reply) => reply.id === id);
    },
  };
}

export function initializeParams(version: unknown = 3, more: Record<string, unknown> = {}): unknown {
  return {
    synaps_version: "0.7.1",
    extension_protocol_version: version,
    plugin_id: "sample",
    plugin_root: "/somewhere/sample",
    config: {},
    ...more,
  };
}
