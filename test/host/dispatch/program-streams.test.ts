import type { EmitOptions, Host, Outcome } from "@synaps/host";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { testHost } from "../../helpers/hosts.js";
import { streamCatalog } from "../../helpers/streams.js";
import { verifies } from "../../requirements/verifies.js";

interface Item {
  session_id: string | null;
  data: unknown;
}

/** A function of the program whose answers the test gives, session by session. */
async function held(kind: string, limits: { streamQueue?: number; overflowBlockMs?: number } = {}) {
  const { host } = testHost({ folders: [], catalogs: [streamCatalog], limits });
  await host.start();
  const seen: string[] = [];
  const dropped: number[] = [];
  const open = new Map<string, () => void>();
  host.subscribe(
    kind,
    ((event: Item, context: { dropped: number }) => {
      const session = String(event.session_id);
      seen.push(`${session}${String((event.data as { n: number }).n)}`);
      dropped.push(context.dropped);
      if (!session.startsWith("slow")) return undefined;
      return new Promise<void>((resolve) => open.set(session, resolve));
    }) as never,
    { id: "own" },
  );
  const raise = (session_id: string, n: number, options?: EmitOptions): Promise<Outcome> =>
    (host as Host).emit({ kind, session_id, data: { n, direction: "inbound" } } as never, options) as never;
  return { host, seen, dropped, raise, answer: (session: string) => open.get(session)?.() };
}

it(verifies("STREAM-001") + "a function that takes its time over one session gets the others", async () => {
  const { seen, raise, answer } = await held("stream.newest");
  const first = await raise("slow", 1);
  const second = await raise("slow", 2);
  for (const n of [1, 2, 3]) await (await raise("fast", n)).settled;
  expect(seen).toEqual(["slow1", "fast1", "fast2", "fast3"]);
  answer("slow");
  await first.settled;
  expect(seen.at(-1)).toBe("slow2");
  answer("slow");
  expect((await second.settled).votes).toMatchObject([{ status: "voted" }]);
});

it(verifies("STREAM-003", "STREAM-004") + "what a full session drops is counted and told", async () => {
  const { host, dropped, raise, answer } = await held("stream.newest", { streamQueue: 1 });
  const outcomes: Outcome[] = [];
  for (const n of [1, 2, 3, 4]) outcomes.push(await raise("slow", n));
  const ends = async (): Promise<unknown[]> =>
    (await Promise.all(outcomes.map(({ settled }) => settled))).map(({ votes: [vote] }) =>
      vote?.status === "abstained" ? vote.reason : vote?.status,
    );
  answer("slow");
  await outcomes[0]?.settled;
  answer("slow");
  expect(await ends()).toEqual(["voted", "voted", "overloaded", "overloaded"]);
  outcomes.push(await raise("slow", 5));
  answer("slow");
  await outcomes[4]?.settled;
  // They were missed by the time the second item was handed out.
  expect(dropped).toEqual([0, 2, 0]);
  expect(host.snapshot().streams).toMatchObject([
    { offered: 5, answered: 3, dropped: 2, lost: 0, waiting: 0, sessions: [{ session: "slow" }] },
  ]);
});

it(verifies("STREAM-005") + "block: the program waits for room in the session", async () => {
  const { raise, answer, seen } = await held("stream.block", { streamQueue: 1, overflowBlockMs: 60_000 });
  const first = await raise("slow", 1);
  await raise("slow", 2);
  let placed = false;
  const third = raise("slow", 3).then((outcome) => {
    placed = true;
    return outcome;
  });
  await (
    await raise("fast", 1)
  ).settled;
  expect(placed).toBe(false);
  answer("slow");
  await first.settled;
  const last = await third;
  answer("slow");
  await Promise.resolve();
  while (seen.at(-1) !== "slow3") await new Promise(setImmediate);
  answer("slow");
  expect((await last.settled).votes).toMatchObject([{ status: "voted" }]);
});

it(verifies("STREAM-005") + "block: whoever waits in vain loses the item, with the reason", async () => {
  const { raise, host } = await held("stream.block", { streamQueue: 1, overflowBlockMs: 20 });
  await raise("slow", 1);
  await raise("slow", 2);
  const { settled } = await raise("slow", 3);
  expect((await settled).votes).toMatchObject([{ status: "abstained", reason: "overloaded" }]);
  expect(host.snapshot().streams).toMatchObject([{ offered: 3, dropped: 1, waiting: 2 }]);
});

it(verifies("STREAM-005") + "the program may choose for one event what a full queue does", async () => {
  const { host, raise, answer } = await held("stream.newest", { streamQueue: 1, overflowBlockMs: 60_000 });
  const first = await raise("slow", 1);
  const second = await raise("slow", 2);
  const third = raise("slow", 3, { overflow: "block" });
  // The next one is dropped by the kind's own choice; the one before it waits on.
  expect((await (await raise("slow", 4)).settled).votes).toMatchObject([{ reason: "overloaded" }]);
  answer("slow");
  await first.settled;
  const { settled } = await third;
  answer("slow");
  await second.settled;
  answer("slow");
  expect((await settled).votes).toMatchObject([{ status: "voted" }]);
  expect(host.snapshot().streams).toMatchObject([{ offered: 4, answered: 3, dropped: 1 }]);
});

it.each([
  [
    "an answer that does not exist",
    "stream.newest",
    "wait",
    "drop_newest or drop_oldest or block or disconnect",
  ],
  ["a kind that is waited for", "before_tool_call", "block", "means nothing for 'before_tool_call'"],
  ["a kind with a deadline for all", "on_session_end", "block", "means nothing for 'on_session_end'"],
])("the choice is refused for %s", async (_what, kind, overflow, words) => {
  const { host } = testHost({ folders: [], catalogs: [synapsCatalog, streamCatalog] });
  await host.start();
  const event = { kind, session_id: "s", tool_name: "bash", tool_input: {}, transcript: [], data: { n: 1 } };
  await expect((host as Host).emit(event, { overflow: overflow as "block" })).rejects.toMatchObject({
    code: "EVENT_INVALID",
    message: expect.stringContaining(words),
  });
  const operation = host.intercept(
    { before: "before_tool_call" },
    { tool_name: "x", tool_input: {} },
    () => "",
    {
      overflow: "block",
    } as never,
  );
  await expect(operation).rejects.toMatchObject({ code: "EVENT_INVALID" });
});
