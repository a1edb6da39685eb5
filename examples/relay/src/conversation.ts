import { randomBytes } from "node:crypto";
import { Client, type Answer } from "./client.js";

type Step = readonly [path: string, step: () => Promise<string>];

/** What Alice and Bob do, in order: each step says what came of it. */
export async function conversation(port: number): Promise<readonly Step[]> {
  const [alice, bob] = await Promise.all([Client.to(port), Client.to(port)]);
  const [aliceKey, bobKey] = [newKey(), newKey()];
  const to = bobKey;
  const message = (bytes: number): object => ({ to, payload: content(bytes) });
  const register = (username: string, key: string): object => ({
    op: "register",
    username,
    key,
    password: "correct horse",
  });
  let channel = "";
  return [
    ["registration", async () => said(await alice.ask(register("alice", aliceKey)))],
    ["registration", async () => said(await bob.ask(register("bob", bobKey)))],
    ["name taken", async () => said(await bob.ask(register("alice", bobKey)))],
    ["wrong password", async () => said(await alice.ask(login("alice", "wrong")))],
    ["login", async () => said(await alice.ask(login("alice", "correct horse")))],
    ["login", async () => said(await bob.ask(login("bob", "correct horse")))],
    [
      "channel",
      async () => {
        const [made, found] = [
          await alice.ask({ op: "channel", peer: bobKey }),
          await bob.ask({ op: "channel", peer: aliceKey }),
        ];
        channel = made.channel ?? "";
        return `new ${made.was_new}, then new ${found.was_new}, the same: ${made.channel === found.channel}`;
      },
    ],
    ["message", async () => said(await alice.ask({ op: "send", ...message(1_000), channel }))],
    ["message too large", async () => said(await alice.ask({ op: "send", ...message(1_001), channel }))],
    [
      "sealed sender",
      async () => said(await alice.ask({ op: "send", ...message(10), channel, sealed: true })),
    ],
    [
      "fetch",
      async () => {
        const { messages = [] } = await bob.ask({ op: "fetch", channel });
        return messages
          .map(({ sender }) => (sender === aliceKey ? "from alice" : `from ${sender}`))
          .join(", ");
      },
    ],
    [
      "fetch that waits",
      async () => {
        const fetched = bob.ask({ op: "fetch", channel, wait_ms: 10_000 });
        await alice.ask({ op: "send", ...message(1), channel });
        return `${(await fetched).messages?.length} message once there is one`;
      },
    ],
    [
      "batch of 10,000",
      async () => {
        const messages = Array.from({ length: 10_000 }, (_, n) => message(n % 1_000 === 999 ? 1_001 : 8));
        const { results = [] } = await alice.ask({ op: "batch", messages });
        const { messages: got = [] } = await bob.ask({ op: "fetch" });
        const stored = results.filter(({ ok }) => ok).length;
        return `${stored} stored, ${results.length - stored} refused, ${got.length} fetched`;
      },
    ],
    [
      "nonsense",
      async () => {
        const answers = [];
        for (const line of ["{", "[]", { op: "shout" }, { op: "send", to: "bob", payload: "" }])
          answers.push((await alice.ask(line)).error);
        return answers.join("; ");
      },
    ],
    [
      "end",
      // oxlint-disable-next-line typescript/require-await
      async () => {
        alice.end();
        bob.end();
        return "both have gone";
      },
    ],
  ];
}

const login = (username: string, password: string): object => ({ op: "login", username, password });

/** The key of a user: 32 bytes, here without a secret that belongs to it. */
const newKey = (): string => randomBytes(32).toString("base64");

/** Stands for encrypted content: what a relay has of a message. */
const content = (bytes: number): string => randomBytes(bytes).toString("base64");

function said({ ok, error }: Answer): string {
  return ok ? "done" : `refused: ${error}`;
}
