import type { Host } from "@synaps/host";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { streamCatalog } from "../../helpers/streams.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { eventOf } from "../../helpers/events.js";
import { synapsCatalog } from "@synaps/sdk/protocol";

/** Answers nothing until it is told to \`go\`; \`crash\` ends the process. */
const HOLDER = `import { defineExtension, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
const held = [];
const on = ({ session_id }) => {
  if (session_id === "crash") process.exit(3);
  if (session_id !== "go") return new Promise((release) => held.push(release));
  for (const release of held.splice(0)) release();
};
serve(defineExtension({ hooks: { before_tool_call: on, "stream.newest": on } }));`;

async function holding() {
  const folder = tempDir();
  const section = {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    args: ["main.mjs"],
    max_concurrency: 4,
    permissions: ["tools.intercept", "session.lifecycle"],
    hooks: ["before_tool_call", "stream.newest"].map((hook) => ({ hook, timeout_ms: 60_000 })),
  };
  writeExtension(folder, "holder", section, { "main.mjs": HOLDER });
  const { host } = await startedHost([folder], {
    catalogs: [synapsCatalog, streamCatalog],
    limits: { chainBudgetMs: 60_000 },
  });
  const gate = (session_id: string) =>
    host.emit({ ...eventOf("before_tool_call"), tool_input: session_id, session_id } as never);
  const item = (session_id: string) =>
    host.emit({ kind: "stream.newest", session_id, data: { direction: "inbound", session_id } } as never);
  return { host: host as Host, gate, item };
}

/** Everything in a snapshot that counts what is there now. */
function gauges(host: Host) {
  const { extensions, streams } = host.snapshot();
  const [holder] = extensions;
  return {
    inFlight: holder?.process?.inFlight,
    waiting: holder?.process?.waiting,
    openBreakers: holder?.process?.openBreakers.length,
    poisoned: holder?.process?.poisoned.length,
    streamWaiting: streams.reduce((sum, { waiting }) => sum + waiting, 0),
    sessionsWaiting: streams.reduce(
      (sum, { sessions, rest }) =>
        sum + rest.waiting + sessions.reduce((all, { waiting }) => all + waiting, 0),
      0,
    ),
  };
}

const AT_REST = {
  inFlight: 0,
  waiting: 0,
  openBreakers: 0,
  poisoned: 0,
  streamWaiting: 0,
  sessionsWaiting: 0,
};

it.each(["answered", "crashed"])(
  "defect 5: what goes up with an event comes down when it is %s",
  async (how) => {
    const { host, gate, item } = await holding();
    expect(gauges(host)).toEqual(AT_REST);
    const all = [gate("g1"), gate("g2"), ...["a", "a", "b"].map((session) => item(session))];
    await until("all of them are there", () => {
      const { inFlight = 0, waiting = 0 } = gauges(host);
      return inFlight + waiting === 5;
    });
    expect(gauges(host)).toMatchObject({ inFlight: 4, waiting: 1, streamWaiting: 3, sessionsWaiting: 3 });
    if (how === "crashed") await (await item("crash")).settled;
    const ends = Promise.all(all.map(async (one) => (await one).settled));
    const isOver = ends.then(() => (over = true));
    let over = false;
    // What is asked again after a crash, and the second item of a session, are held as well.
    await until("all have ended", async () => {
      await (
        await item("go")
      ).settled;
      return over;
    });
    await isOver;
    const reasons = (await ends).flatMap(({ votes }) =>
      votes.map((vote) => ("reason" in vote ? vote.reason : "")),
    );
    expect(reasons.includes("crash")).toBe(how === "crashed");
    expect(gauges(host)).toEqual(AT_REST);
  },
);

it("defect 5: running processes and subscriptions are counted down when they go", async () => {
  const { host, gate } = await holding();
  const running = (): number =>
    host.snapshot().extensions.filter(({ process: one }) => one?.pid !== undefined).length;
  expect([running(), host.handlerCount()]).toEqual([1, 2]);
  const left = gate("held");
  await until("it is with the process", () => gauges(host).inFlight === 1);
  await host.unload("holder");
  expect((await left).votes).toMatchObject([{ status: "abstained", reason: "stopped" }]);
  expect([running(), host.handlerCount(), host.snapshot().subscriptions]).toEqual([0, 0, []]);
  await host.reload("holder");
  expect([running(), host.handlerCount()]).toEqual([1, 2]);
  await host.stop();
  expect(running()).toBe(0);
});
