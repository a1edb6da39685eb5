import { expect, test } from "vitest";
import { abridge, FULL, SUMMARY } from "@synaps/sdk/values";

test("masks by key and keeps counters and flags", () => {
  const value = {
    password: "x",
    nested: { token: { a: 1 }, max_tokens: 5 },
    secret: null,
    use_cookies: true,
    pwd: 1234,
  };
  expect(JSON.stringify(abridge(value, SUMMARY))).toBe(
    '{"password":"[masked]","nested":{"token":"[masked]","max_tokens":5},"secret":null,"use_cookies":true,"pwd":"[masked]"}',
  );
});

test("cuts strings between code points and says how long they were", () => {
  expect(abridge("a".repeat(200), SUMMARY)).toBe("a".repeat(200));
  expect(abridge("a".repeat(201), SUMMARY)).toBe(`${"a".repeat(200)}…(201 chars)`);
  expect(abridge(`${"a".repeat(199)}😀b`, SUMMARY)).toBe(`${"a".repeat(199)}…(202 chars)`);
});

test("a secret that straddles the cut is masked, not halved", () => {
  const text = `${"x".repeat(189)} ghp_${"0123456789abcdef".repeat(3)}`;
  expect(abridge(text, SUMMARY)).toBe(`${"x".repeat(189)} [masked:gi…(242 chars)`);
});

test("limits members, depth and the number of values", () => {
  const list = Array.from({ length: 60 }, (_, index) => index);
  expect(abridge(list, SUMMARY)).toEqual([...list.slice(0, 50), "(+10 items)"]);
  const object = Object.fromEntries(list.map((index) => [`k${index}`, index]));
  expect(abridge(object, SUMMARY)).toMatchObject({ k49: 49, "(more)": "+10 keys" });
  expect(abridge([[[[[[[1]]]]]]], SUMMARY)).toEqual([[[[[["(nested too deeply)"]]]]]]);
  const wide = Array.from({ length: 50 }, () => list.slice(0, 50));
  expect(JSON.stringify(abridge(wide, SUMMARY)).length).toBeLessThan(3_000);
});

test("an input that is nested a hundred thousand times is still recorded", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`) as never;
  expect(JSON.stringify(abridge(deep, FULL))).toContain("(nested too deeply)");
});

test("keeps a member named __proto__", () => {
  expect(JSON.stringify(abridge(JSON.parse('{"__proto__":{"a":1}}') as never, SUMMARY))).toBe(
    '{"__proto__":{"a":1}}',
  );
});
