import { getEventListeners } from "node:events";
import { PassThrough } from "node:stream";
import { FrameReader } from "@synaps/sdk/framing";
import { WIRE_ERRORS } from "@synaps/sdk/protocol";
import { expect, it, onTestFinished } from "vitest";
import { Connection } from "../../../../packages/host/src/transport/rpc/connection.js";
import type { RequestHandler } from "../../../../packages/host/src/transport/rpc/inbound-requests.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { rawFrame } from "../../../helpers/frames.js";
import { until } from "../../../helpers/wait.js";

interface Said {
  id?: number;
  method?: string;
  error?: { code: number };
}

/** A connection with a clock that stands still, what it said to the other side, and a way to say something to it. */
function connected(onRequest: RequestHandler = () => null) {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const clock = new FakeClock();
  const nothing = (): void => {};
  const connection = new Connection({
    stdin,
    stdout,
    clock,
    onRequest,
    onAnswered: nothing,
    onStray: nothing,
    onNotification: nothing,
    onLateReply: nothing,
    onEnd: nothing,
    onProblem: nothing,
  });
  onTestFinished(() => connection.close());
  const said: Said[] = [];
  const reader = new FrameReader({ onMessage: (message) => void said.push(message as Said) });
  stdin.on("data", (chunk: Buffer) => reader.push(chunk));
  const write = (body: string): boolean => stdout.write(rawFrame(body));
  const say = (message: object): boolean => write(JSON.stringify({ jsonrpc: "2.0", ...message }));
  return { connection, clock, said, say, write };
}

it("the signal of a request that ended keeps no listener, however the request ended", async () => {
  const { connection, clock, said, say } = connected();
  const { signal } = new AbortController();
  const answered = connection.request("ping", "null", 1_000, signal);
  await until("the request is there", () => said.length === 1);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  say({ id: said[0]?.id, result: {} });
  expect(await answered).toMatchObject({ type: "result" });
  expect(getEventListeners(signal, "abort")).toHaveLength(0);

  const late = connection.request("ping", "null", 1_000, signal);
  await clock.pass(1_000);
  expect(await late).toMatchObject({ type: "timeout" });
  const closed = connection.request("ping", "null", 1_000, signal);
  connection.close();
  expect(await closed).toMatchObject({ type: "closed" });
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

it("a connection that is closed has no timer left", async () => {
  const { connection, clock } = connected();
  const open = connection.request("ping", "null", 1_000);
  expect(clock.armed).toBe(1);
  connection.close();
  expect(clock.armed).toBe(0);
  expect(await open).toEqual({ type: "closed" });
});

it("at most 256 requests of the other side are open: more are refused, and answered ones make room", async () => {
  const answer: (() => void)[] = [];
  const { said, say, connection } = connected(
    () => new Promise<null>((resolve) => answer.push(() => resolve(null))),
  );
  for (let id = 1; id <= 257; id += 1) say({ id, method: "memory.query", params: {} });
  await until("the last one is refused", () => said.length === 1);
  expect(said[0]).toMatchObject({ id: 257, error: { code: WIRE_ERRORS.overloaded } });
  expect([answer.length, connection.asking]).toEqual([256, true]);
  answer[0]?.();
  await until("one is answered", () => said.length === 2);
  say({ id: 258, method: "memory.query", params: {} });
  await until("the next one is taken", () => answer.length === 257);
  for (const one of answer) one();
  await until("all are answered", () => said.length === 258);
  expect([said.filter(({ error }) => error).length, connection.asking]).toEqual([1, false]);
});

it("digits that were lost are found in the result, whatever stands beside it", async () => {
  const { connection, said, write } = connected();
  const answered = connection.request("tool.call", "null", 1_000);
  await until("the request is there", () => said.length === 1);
  const junk = Array.from({ length: 20 }, () => "9007199254740993").join(",");
  write(`{"jsonrpc":"2.0","junk":[${junk}],"id":${said[0]?.id},"result":{"n":9007199254740993}}`);
  expect(await answered).toMatchObject({ type: "result", inexact: ["/n"] });
});
