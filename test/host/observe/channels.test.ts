import { execFile } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { call, variant } from "../../e2e/host/support/fixture.js";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";

const SECRET = "the-text-of-a-payload";
const EVENT = { kind: "before_tool_call", tool_name: SECRET, tool_input: { command: SECRET } };

function heardOn(name: string): unknown[] {
  const heard: unknown[] = [];
  const listener = (message: unknown): void => void heard.push(message);
  subscribe(name, listener);
  onTestFinished(() => void unsubscribe(name, listener));
  return heard;
}

it("outcomes are published with votes and times, and without anything of the event", async () => {
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => ({ action: "block", reason: SECRET }), { id: "guard" });
  host.subscribe("before_tool_call", () => ({ action: SECRET }) as never, { id: "odd", priority: -1 });
  host.subscribe("before_tool_call", () => ({ action: "continue" }), { id: "late", priority: 1 });
  await host.emit(EVENT);
  const heard = heardOn("synaps:outcome");
  await host.emit(EVENT);
  const [odd, guard] = [
    { extension: "odd", status: "abstained", said: "invalid" },
    { extension: "guard", status: "voted", said: "block" },
  ];
  const late = { extension: "late", subscription: "before_tool_call#1", status: "not_reached", said: null };
  expect(heard).toMatchObject([
    { kind: "before_tool_call", action: "block", votes: [odd, guard, { ...late, queueMs: 0, runMs: 0 }] },
  ]);
  expect(JSON.stringify(heard)).not.toContain(SECRET);
});

it("states and the end of a host are published; lines of extensions are not", async () => {
  const states = heardOn("synaps:state");
  const stopped = heardOn("synaps:stopped");
  const lines = heardOn("synaps:log");
  const folder = tempDir();
  variant(folder, "floods-stderr", { id: "loud" });
  const { host } = await startedHost([folder]);
  await host.emit(call());
  await host.stop();
  expect(states).toContainEqual({ extension: "loud", from: "starting", to: "running" });
  expect([stopped, lines]).toEqual([[{}], []]);
});

it("a subscriber that throws, or writes into its message, hurts neither the event nor the others", async () => {
  const file = join(tempDir(), "main.mjs");
  writeFileSync(
    file,
    `import { subscribe } from "node:diagnostics_channel";
     import { createHost } from ${JSON.stringify(repo("packages/host/dist/index.js"))};
     const raised = [];
     process.on("uncaughtException", (error) => raised.push(error.message));
     const heard = [];
     subscribe("synaps:outcome", () => { throw new Error("of the subscriber"); });
     subscribe("synaps:outcome", (message) => { heard.push(message.action); message.action = "x"; message.votes.length = 0; });
     const host = createHost({ baseDir: ${JSON.stringify(tempDir())}, folders: [] });
     await host.start();
     const told = [];
     host.on("outcome", ({ action, votes }) => told.push([action, votes.length]));
     host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }));
     const event = { kind: "before_tool_call", tool_name: "t", tool_input: {} };
     const outcomes = [];
     for (let n = 0; n < 3; n += 1) outcomes.push(await host.emit(event));
     await host.stop();
     await new Promise((resolve) => setImmediate(resolve));
     console.log(JSON.stringify({ raised, heard, told, outcomes: outcomes.map(({ action, votes }) => [action, votes.length]) }));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  const thrice = <T>(one: T): T[] => [one, one, one];
  expect(JSON.parse(stdout)).toEqual({
    raised: thrice("of the subscriber"),
    heard: thrice("block"),
    told: thrice(["block", 1]),
    outcomes: thrice(["block", 1]),
  });
});
