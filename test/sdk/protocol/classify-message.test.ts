import { classifyMessage } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";

const request = (id: unknown, params?: unknown): unknown => ({ jsonrpc: "2.0", method: "m", id, params });

describe("classifyMessage", () => {
  it.each([
    [request(1, { a: 1 }), { type: "request", id: 1, method: "m", params: { a: 1 } }],
    [request("one"), { type: "request", id: "one", method: "m", params: undefined }],
    [request(0), { type: "request", id: 0, method: "m", params: undefined }],
    [request(""), { type: "request", id: "", method: "m", params: undefined }],
    [
      { method: "m", id: 1 },
      { type: "request", id: 1, method: "m", params: undefined },
    ],
    [
      { method: "n", params: null },
      { type: "notification", method: "n", params: null },
    ],
    [
      { method: "n", id: null },
      { type: "notification", method: "n", params: undefined },
    ],
    [
      { id: 1, result: 5 },
      { type: "response", id: 1, result: 5, error: undefined },
    ],
    [{ id: "a" }, { type: "response", id: "a", result: null, error: undefined }],
    [
      { id: 1, result: 5, error: null },
      { type: "response", id: 1, result: 5, error: undefined },
    ],
    [{ id: null, error: {} }, response(null, { code: 0, message: "unknown extension error" })],
    [{ id: 1, error: "bad" }, response(1, { code: 0, message: "unknown extension error" })],
    [
      { id: 1, error: { code: "5", message: 5 } },
      response(1, { code: 0, message: "unknown extension error" }),
    ],
    [
      { id: 1, error: { code: 5, message: "m", data: [1], more: 1 } },
      response(1, { code: 5, message: "m", data: [1] }),
    ],
    [[request(1)], { type: "invalid", problem: "batches are not supported" }],
    [null, { type: "invalid", problem: "a message must be an object" }],
    ["text", { type: "invalid", problem: "a message must be an object" }],
    [{}, { type: "invalid", problem: "a message has neither a method nor an id" }],
    [{ id: true }, { type: "invalid", problem: "a message has neither a method nor an id" }],
    [
      { method: 5, id: 1 },
      { type: "invalid", problem: "a method must be a string" },
    ],
    [
      { method: 5, id: 1 },
      { type: "invalid", problem: "a method must be a string" },
    ],
    [
      { method: null, id: 1, result: 2, error: null },
      { type: "response", id: 1, result: 2, error: undefined },
    ],
    [request({}), { type: "invalid", problem: "a request id must be a string or a number" }],
    [request(true), { type: "invalid", problem: "a request id must be a string or a number" }],
  ])("sorts %j", (value, expected) => {
    expect(classifyMessage(value)).toEqual(expected);
  });
});

function response(id: unknown, error: unknown): unknown {
  return { type: "response", id, result: null, error };
}
