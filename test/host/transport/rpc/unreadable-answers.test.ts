import { describe, expect, it } from "vitest";
import { rawFrame } from "../../../helpers/frames.js";
import { connection } from "./connection-kit.js";

const NOT_JSON = "it sent a message that is not JSON, or whose length is not counted in bytes";
const unreadable = (detail: string, reason = "invalid"): unknown => ({ type: "unreadable", reason, detail });

/** Names of the open events that end when a damaged body with this beginning comes. */
function endedBy(body: string, { open = 1, many = false } = {}): unknown[] {
  const { connection: it, post, told, hear } = connection({ onProblem() {} });
  if (many) it.allowMany();
  for (let id = 1; id <= open; id += 1) post(`${id}`);
  hear(rawFrame(body));
  return told.map((one) => (one as unknown[])[0]);
}

describe("an answer that cannot be decoded and names its request", () => {
  const NAMES_TWO = [
    '{"jsonrpc":"2.0","id":2,"result":',
    '{"jsonrpc":"2.0","id":2,"error":',
    '{"jsonrpc":"2.0","id":"2","result":',
    '\uFEFF{"jsonrpc":"2.0","id":2,"result":',
    ' \n {  "jsonrpc"\t\t:  "2.0"  ,\r\n  "id"  :  2  ,  "result"  :',
    '{"jsonrpc":"2.0","id":2,"result":{"id":3,"result":',
  ];
  const NAMES_NONE = [
    'x{"jsonrpc":"2.0","id":2,"result":',
    '{"jsonrpc":"2x0","id":2,"result":',
    '{"jsonrpc":"2.0","id":x,"result":',
    '{"jsonrpc":"2.0","id":"","result":',
    '{"jsonrpc":"2.0","id":2,"results":',
    '{"jsonrpc":"2.0","id":2,"method":',
    '{"id":2,"result":',
  ];

  it("ends that one, alone or among others", () => {
    for (const body of NAMES_TWO) {
      expect(endedBy(body, { open: 3, many: true })).toEqual(["2"]);
      expect(endedBy(body, { open: 3 })).toEqual(["2"]);
    }
    expect(endedBy('{"jsonrpc":"2.0","id":12,"result":', { open: 12, many: true })).toEqual(["12"]);
  });

  it("ends none when the number is anybody else's", () => {
    expect(endedBy('{"jsonrpc":"2.0","id":2,"result":')).toEqual([]);
    expect(endedBy('{"jsonrpc":"2.0","id":123456789012345,"result":')).toEqual([]);
  });

  it("is recognised by its beginning only", () => {
    for (const body of NAMES_NONE) expect(endedBy(body, { open: 3, many: true })).toEqual([]);
  });
});

describe("an answer that cannot be decoded and names no request", () => {
  it("ends the only one that is open, where the protocol allows one", () => {
    expect(endedBy("{nothing")).toEqual(["1"]);
    expect(endedBy("{nothing", { many: true })).toEqual([]);
    expect(endedBy("{nothing", { open: 2 })).toEqual([]);
    expect(endedBy("{nothing", { open: 0 })).toEqual([]);
  });

  const BY_ITSELF = [
    '{"jsonrpc":"2.0","method":',
    '{"method":',
    '\uFEFF{"method":',
    '{"jsonrpc":"2.0","id":1,"method":',
    '{"jsonrpc":"2.0","id":-12.5,"method":',
    '{"jsonrpc":"2.0","id":"an id","method":',
    '{"jsonrpc":"2.0","id":"","method":',
    '{"jsonrpc":"2.0","id":null,"method":',
    '{"id":7,"method":',
    ' \n {  "jsonrpc"\t\t:  "2.0"  ,\r\n  "id"  :  7  ,  "method"  :',
    '  {  "method"  :',
  ];
  const PERHAPS_ANSWERS = [
    'x{"method":',
    '{"a":1,"method":',
    '{"jsonrpc":"2x0","method":',
    '{"jsonrpc":"2.0","id":true,"method":',
    '{"jsonrpc":"2.0","id":x,"method":',
    '{"jsonrpc":"2.0","id":"a"b","method":',
    '{"jsonrpc":"2.0","methods":',
    '{"id":1}{"method":',
  ];

  it("ends none when it begins as a request or a notification", () => {
    for (const body of BY_ITSELF) expect([body, ...endedBy(body)]).toEqual([body]);
    for (const body of PERHAPS_ANSWERS) expect([body, ...endedBy(body)]).toEqual([body, "1"]);
  });

  it("is described by its fault and its first 80 characters", () => {
    const tooLong = Buffer.concat([Buffer.from("Content-Length: 5000000\r\n\r\n"), Buffer.alloc(300, "[")]);
    const cases: [Buffer | string, unknown, unknown[]][] = [
      [rawFrame('{"nothing'), unreadable(`${NOT_JSON}: "{\\"nothing"`), ["not_json", '{"nothing']],
      ["Content-Length: 0\r\n\r\n", unreadable(NOT_JSON), ["not_json", ""]],
      [
        rawFrame("x".repeat(300)),
        unreadable(`${NOT_JSON}: "${"x".repeat(80)}"`),
        ["not_json", "x".repeat(200)],
      ],
      [
        "Content-Length: many\r\n",
        unreadable('it sent a header whose Content-Length is no number: "Content-Length: many"'),
        ["bad_length", "Content-Length: many"],
      ],
      [
        tooLong,
        unreadable(`it sent a message of over 4 MiB: "${"[".repeat(80)}"`, "too_large"),
        ["too_large", "[".repeat(200)],
      ],
      [
        "Content-Length: 999999999\r\n\r\n",
        unreadable("it sent a message of over 4 MiB", "too_large"),
        ["too_large", ""],
      ],
      [
        rawFrame("[".repeat(513) + "]".repeat(513)),
        unreadable(`it sent a message nested over 512 levels deep: "${"[".repeat(80)}"`),
        ["too_deep", "[".repeat(200)],
      ],
      [
        Buffer.from("Content-Length: 2\r\n\r\n\xff\xfe", "latin1"),
        unreadable('it sent a message that is not UTF-8: "ÿþ"'),
        ["not_utf8", "ÿþ"],
      ],
    ];
    for (const [bytes, reply, problem] of cases) {
      const { post, told, hear } = connection();
      post("a");
      hear(bytes);
      expect(told).toEqual([
        ["problem", ...problem],
        ["a", reply],
      ]);
    }
  });
});

it("JSON that is no message is a problem, but ends no request", () => {
  const { connection: it, post, told, tell, hear } = connection();
  post("a");
  hear(rawFrame("[]"));
  tell({ id: 7, result: 1 });
  expect(told).toEqual([
    ["problem", "not_a_message", "[]", "batches are not supported"],
    [
      "problem",
      "not_a_message",
      '{"jsonrpc":"2.0","id":7,"result":1}',
      "a response to a request that was never sent",
    ],
  ]);
  expect(it.waiting).toBe(true);
});

it("what the other side says by itself is handed on, and its requests are answered", async () => {
  const asked: unknown[] = [];
  const {
    connection: it,
    said,
    told,
    tell,
    hear,
    stdout,
    clock,
    settled,
  } = connection({
    onRequest: (method, params) => {
      asked.push([method, params]);
      return it.asking;
    },
  });
  await clock.pass(5);
  expect([it.asking, it.heardMs]).toEqual([false, 0]);
  tell({ method: "task.log", params: { a: 1 } });
  tell({ id: 9, method: "memory.query", params: [1] });
  expect([it.asking, it.heardMs]).toEqual([true, 5]);
  await settled();
  expect(it.asking).toBe(false);
  hear(rawFrame('{"id":8,"method":"memory.query","params":[1e999]}'));
  stdout.emit("end");
  await settled();
  expect(asked).toEqual([["memory.query", [1]]]);
  expect(told).toEqual([["notification", "task.log", { a: 1 }, []], ["answered"], ["end"]]);
  expect(said).toEqual([
    '{"jsonrpc":"2.0","id":9,"result":true}',
    '{"jsonrpc":"2.0","id":8,"error":{"code":-32602,"message":"the integer at \'/0\' is beyond 2^53: send its digits as a string"}}',
  ]);
});
