import { expect, it } from "vitest";
import { parseConfigText } from "../../../../packages/host/src/loading/config/config-file.js";
import { checkedText } from "../../../../packages/host/src/loading/config/check.js";
import { keyProblem, valueProblem, withKey } from "../../../../packages/host/src/loading/config/edit.js";
import { typedValue } from "../../../../packages/host/src/loading/config/typed-value.js";
import { verifies } from "../../../requirements/verifies.js";

const FILE = "# who\nname = Ann\n\n  # what\ncolour=red\nname = Bob\nnonsense\n";

it.each<[what: string, key: string, value: string | undefined, after: string]>([
  ["a key that is there changes in place", "colour", "blue", FILE.replace("colour=red", "colour = blue")],
  ["of two the one that counts changes", "name", "Cid", FILE.replace("name = Bob", "name = Cid")],
  ["a new key goes to the end", "size", "1 = 2 # 3", `${FILE}size = 1 = 2 # 3\n`],
  ["all go when the key goes", "name", undefined, FILE.replace(/name = .*\n/g, "")],
  ["an absent key does not go", "none", undefined, FILE],
  ["an empty value keeps no blank behind it", "colour", "", FILE.replace("colour=red", "colour =")],
])(verifies("CFG-020") + "%s, and everything else stays as it is", (_, key, value, after) => {
  expect(withKey(FILE, key, value)).toBe(after);
  expect(parseConfigText(after).get(key)).toBe(value);
});

it(verifies("CFG-020") + "line ends, a missing last one and an empty file are all fine", () => {
  expect(withKey("", "a", "1")).toBe("a = 1\n");
  expect(withKey("a = 1\n", "a", undefined)).toBe("");
  expect(withKey("a = 1", "b", "2")).toBe("a = 1\nb = 2\n");
  expect(withKey("# x\r\na = 1\r\n", "b", "2")).toBe("# x\r\na = 1\r\nb = 2\r\n");
  expect(withKey("\uFEFFa = 1\n", "a", "2")).toBe("a = 2\n");
  expect(withKey("a = 1", "a", "2")).toBe("a = 2\n");
});

it(verifies("CFG-020") + "each line keeps its own end, also where they differ", () => {
  const mixed = "a = 1\nb = 2\r\n# x\n";
  expect(withKey(mixed, "c", "3")).toBe("a = 1\nb = 2\r\n# x\nc = 3\n");
  expect(withKey(mixed, "b", "3")).toBe("a = 1\nb = 3\r\n# x\n");
  expect(withKey(mixed, "a", undefined)).toBe("b = 2\r\n# x\n");
  expect(withKey("a = 1\r\nb = 2", "c", "3")).toBe("a = 1\r\nb = 2\nc = 3\n");
});

it(verifies("CFG-021") + "keys and values that a line cannot hold are refused", () => {
  const bad = ["", "a.b", "a/b", "a b", "a\tb", "a\nb", "a=b", "#a", "a\0", "\u007f", "x".repeat(129)];
  expect(bad.filter((key) => keyProblem(key) === undefined)).toEqual([]);
  expect(["a", "a-b_C9", "a\\b", "ключ", "x".repeat(128)].filter((key) => keyProblem(key))).toEqual([]);
  expect(
    ["a\nb", "a\rb", "a\0b", "\u001b[31m", "x".repeat(65_537)].filter((value) => !valueProblem(value)),
  ).toEqual([]);
  expect(
    ["", "a # b = c", "a\tb", "слово", "x".repeat(65_536)].filter((value) => valueProblem(value)),
  ).toEqual([]);
});

it(
  verifies("CFG-021") + "white space around a value, which every reader of the line takes away, is refused",
  () => {
    for (const padded of ["  two spaces  ", " a", "a ", "\ta", " "])
      expect(() => checkedText([], "key", padded, true)).toThrow("white space around it would be lost");
    expect(checkedText([], "key", "in the  middle", true)).toBe("in the  middle");
    // The public ecosystem's protocols hand such values on, and get them back without.
    expect(checkedText([], "key", " a ", false)).toBe(" a ");
  },
);

it(verifies("CFG-022") + "text becomes what the manifest's type says, or nothing", () => {
  const as = (type: "string" | "bool" | "number", values: unknown[]): unknown[] =>
    values.map((value) => typedValue(type, value as never));
  expect(as("number", ["1", " -2.5 ", "1e3", 7, "", "x", "1x", true, "Infinity", "NaN"])).toEqual([
    1,
    -2.5,
    1_000,
    7,
    ...Array.from({ length: 6 }, () => undefined),
  ]);
  expect(as("bool", ["true", "YES", "on", "1", true])).toEqual([true, true, true, true, true]);
  expect(as("bool", ["false", "No", " off ", "0", "", false])).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(as("bool", ["2", "maybe", 1, null])).toEqual([undefined, undefined, undefined, undefined]);
  expect(as("string", ["x", "", 5, true, {}])).toEqual(["x", "", undefined, undefined, undefined]);
});
