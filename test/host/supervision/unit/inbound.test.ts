import { WIRE_ERRORS } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import { Inbound } from "../../../../packages/host/src/supervision/inbound.js";
import type { RequestFailure } from "../../../../packages/host/src/transport/rpc/inbound-requests.js";
import { extensionOf } from "./extension-kit.js";

it("a request is answered by the one handler of its method", () => {
  const { extension } = extensionOf();
  const inbound = new Inbound(nullLogger);
  inbound.answer("a", (from, params) => [from.id, params]);
  inbound.answer("b", () => "b");
  expect(inbound.request(extension, "a", { n: 1 })).toEqual(["x", { n: 1 }]);
  expect(inbound.request(extension, "b", null)).toBe("b");
  expect(() => inbound.answer("a", () => null)).toThrow("two parts of the host answer 'a'");
});

it("a request that nobody answers is refused with the code of an unknown method", () => {
  const { extension } = extensionOf();
  try {
    new Inbound(nullLogger).request(extension, "none", null);
    expect.unreachable();
  } catch (error) {
    const { code, message } = error as RequestFailure;
    expect([code, message]).toEqual([WIRE_ERRORS.method_not_found, "method not found: none"]);
  }
});

it("a notification goes to all who listen to its method, in order, until they stop", () => {
  const { extension } = extensionOf();
  const warnings: string[] = [];
  const inbound = new Inbound({ ...nullLogger, warn: (message) => void warnings.push(message) });
  const heard: unknown[] = [];
  const stop = inbound.listen("a", (from, params, inexact) =>
    heard.push(["first", from.id, params, inexact]),
  );
  inbound.listen("a", () => {
    throw new Error("no");
  });
  inbound.listen("a", (_, params) => heard.push(["third", params]));
  inbound.listen("b", () => heard.push("b"));
  inbound.notify(extension, "a", 1, ["/n"]);
  stop();
  inbound.notify(extension, "a", 2);
  inbound.notify(extension, "none", 3);
  expect(heard).toEqual([
    ["first", "x", 1, ["/n"]],
    ["third", 1],
    ["third", 2],
  ]);
  expect(warnings).toEqual(["a listener for 'a' failed"]);
  inbound.listen("c", (_, __, inexact) => heard.push(inexact));
  inbound.notify(extension, "c", null);
  expect(heard.at(-1)).toEqual([]);
});
