import { describe, expect, it } from "vitest";
import { HostError } from "../../../packages/host/src/errors.js";
import { notJson, unlikeJson } from "../../../packages/host/src/delivery/json-likeness.js";

const SHUT = ", whose content JSON does not see";
const BEYOND = "an integer beyond 2^53: pass its digits as a string";

/** A value within so many lists, or objects. */
function deep(levels: number, wrap: (value: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let n = 0; n < levels; n += 1) value = wrap(value);
  return value;
}

/** An instance of a class of this name, with nothing to see in it. */
function instanceOf(name: string): object {
  const type = class {};
  Object.defineProperty(type, "name", { value: name });
  return new type();
}

describe("a value that JSON does not carry is named with its place", () => {
  it.each([
    [Number.NaN, "the number at /p is NaN, which JSON does not have"],
    [Number.NEGATIVE_INFINITY, "the number at /p is -Infinity, which JSON does not have"],
    [2 ** 53, `the number at /p is ${BEYOND}`],
    [-(2 ** 53), `the number at /p is ${BEYOND}`],
    [() => 1, "there is a function at /p"],
    [Object.assign(() => 1, { toJSON: () => 1 }), "there is a function at /p"],
    [Symbol("x"), "there is a symbol at /p"],
    [5n, "there is a bigint at /p"],
    [[1, undefined, () => 1], "there is nothing at /p/1"],
    [[[], [1, [Number.NaN]]], "the number at /p/1/1/0 is NaN, which JSON does not have"],
    [{ a: 1, b: { c: 5n } }, "there is a bigint at /p/b/c"],
    [{ "": 5n }, "there is a bigint at /p/"],
    [{ "~1/~0//": 5n }, "there is a bigint at /p/~01~1~00~1~1"],
    [new Date(Number.NaN), "there is an invalid date at /p"],
  ])("(case %#)", (value, problem) => {
    expect(unlikeJson(value, "/p")).toBe(problem);
  });

  it.each([
    new Map([[1, 2]]),
    new Set([1]),
    new WeakMap(),
    new WeakSet(),
    new WeakRef({}),
    new Promise(() => {}),
    /x/,
    new Error("x"),
    new TypeError("x"),
    new ArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
    new Float64Array(1),
  ])("although somebody added a member to it (case %#)", (value) => {
    const { name } = value.constructor;
    const article = /^(Error|ArrayBuffer)$/.test(name) ? "an" : "a";
    void Object.assign(value, { added: 1 });
    expect(unlikeJson({ a: value }, "/p")).toBe(`there is ${article} ${name} at /p/a${SHUT}`);
  });

  it.each([
    ["", "a class instance"],
    ["Apple", "an Apple"],
    ["Egg", "an Egg"],
    ["Ink", "an Ink"],
    ["Oak", "an Oak"],
    ["User", "a User"],
    ["Bait", "a Bait"],
    ["BAIT", "a BAIT"],
  ])("by the name of its class: %j", (name, words) => {
    expect(unlikeJson(instanceOf(name), "/p")).toBe(`there is ${words} at /p${SHUT}`);
  });

  it("also in the members of a class, in a boxed value, and in what stands for a value", () => {
    class Point {
      x = 5n;
    }
    expect(unlikeJson(new Point(), "/p")).toBe("there is a bigint at /p/x");
    expect(unlikeJson(new Number(2 ** 60), "/p")).toBe(`the number at /p is ${BEYOND}`);
    expect(unlikeJson({ toJSON: () => [undefined] }, "/p")).toBe("there is nothing at /p/0");
  });

  it("or with the reason for which it cannot be read", () => {
    const shut = {
      get a(): never {
        throw new Error("not now");
      },
    };
    expect(unlikeJson(shut, "/p")).toBe("the value at /p cannot be read: not now");
  });

  it.each([
    ["lists", "/0", (value: unknown) => [value]],
    ["objects", "/a", (value: unknown) => ({ a: value })],
  ])("when it is nested too deep in %s, with the beginning of its place", (_, step, wrap) => {
    expect(unlikeJson(deep(512, wrap), "/p")).toBeUndefined();
    const place = `/p${step.repeat(512)}`.slice(0, 256);
    expect(unlikeJson(deep(513, wrap), "/p")).toBe(`it is nested over 512 levels deep at ${place}…`);
  });

  it("as a whole up to 256 characters", () => {
    const key = "k".repeat(256 - "/p/".length);
    expect(unlikeJson({ [key]: 5n }, "/p")).toBe(`there is a bigint at /p/${key}`);
    expect(unlikeJson({ [`${key}l`]: 5n }, "/p")).toBe(`there is a bigint at /p/${key}…`);
  });
});

describe("a value that JSON carries", () => {
  it.each([
    undefined,
    null,
    "",
    false,
    0,
    -0,
    1.5,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    Number.MIN_VALUE,
    [],
    [null],
    {},
    { a: undefined },
    { toJSON: 5 },
    { toJSON: () => null },
    new Date(0),
    Buffer.from("x"),
    new String("x"),
    new Boolean(true),
    new Number(5),
    Object.create(null),
    Object.assign(Object.create(null) as object, { a: 1 }),
    Object.assign(instanceOf("User"), { a: 1 }),
    Object.defineProperty({}, "hidden", { value: 5n, enumerable: false }),
    Object.assign([1], { more: 5n }),
  ])("has no problem (case %#)", (value) => {
    expect(unlikeJson(value, "/p")).toBeUndefined();
  });
});

it("an event that JSON does not carry is refused with its kind, the problem and the way out", () => {
  const error = notJson("on_usage", "there is a bigint at /data");
  expect(error).toBeInstanceOf(HostError);
  expect(error).toMatchObject({
    code: "EVENT_INVALID",
    message: "The event 'on_usage' cannot be sent as JSON: there is a bigint at /data",
    hint: "Pass plain JSON values. Write binary as base64 and integers beyond 2^53 as strings.",
  });
});
