import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../../packages/host/src/time/clock.js";
import { Connection } from "../../../../packages/host/src/transport/rpc/connection.js";
import type { Reply } from "../../../../packages/host/src/transport/rpc/reply.js";
import { rawFrame } from "../../../helpers/frames.js";
import { until } from "../../../helpers/wait.js";

const DEEP = `${"[".repeat(600)}${"]".repeat(600)}`;

/** A connection of protocol 1 with one open gate, and what the other side may do. */
async function openGate() {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const problems: string[] = [];
  const nothing = (): void => {};
  const connection = new Connection({
    stdin,
    stdout,
    clock: systemClock,
    onRequest: () => null,
    onAnswered: nothing,
    onStray: nothing,
    onNotification: nothing,
    onLateReply: nothing,
    onEnd: nothing,
    onProblem: (problem) => void problems.push(problem),
  });
  onTestFinished(() => connection.close());
  const ends: Reply[] = [];
  void connection.request("hook.handle", "{}", 60_000).then((reply) => ends.push(reply));
  await once(stdin, "data");
  const say = async (body: string): Promise<void> => {
    const before = problems.length;
    stdout.write(rawFrame(body));
    await until("the damage was noticed", () => problems.length > before);
  };
  return { say, ends };
}

it("a notification or a request that is nested too deep ends no open request", async () => {
  const { say, ends } = await openGate();
  await say(`{"jsonrpc":"2.0","method":"task.log","params":${DEEP}}`);
  await say(`{"jsonrpc":"2.0","id":1,"method":"memory.query","params":${DEEP}}`);
  await say(`{"jsonrpc":"2.0","id":"1","method":"memory.query","params":${DEEP}}`);
  await say(`{ "method": "task.log", "params": ${DEEP}}`);
  expect(ends).toEqual([]);
});

it("an answer to another request that cannot be decoded ends no open request", async () => {
  const { say, ends } = await openGate();
  await say(`{"jsonrpc":"2.0","id":7,"result":${DEEP}}`);
  expect(ends).toEqual([]);
});

it("an answer that cannot be decoded ends the open request, with a number or without", async () => {
  for (const body of [`{"jsonrpc":"2.0","id":1,"result":${DEEP}}`, `{"result":${DEEP},"id":1}`, "{nothing"]) {
    const { say, ends } = await openGate();
    await say(body);
    await until("the request ended", () => ends.length > 0);
    expect(ends).toMatchObject([{ type: "unreadable", reason: "invalid" }]);
  }
});
