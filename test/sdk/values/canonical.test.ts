import { canonicalJson } from "@synaps/sdk/values";
import { expect, test } from "vitest";

test.each([
  [{ b: 1, a: [{ d: 0, c: -0 }] }, '{"a":[{"c":0,"d":0}],"b":1}'],
  [
    { "": null, "\u00e9": "\u2028", Z: 1e21, "10": 1, "9": 2 },
    '{"":null,"10":1,"9":2,"Z":1e+21,"é":"\u2028"}',
  ],
  [JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
  ["text", '"text"'],
])("%j has one text", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});
