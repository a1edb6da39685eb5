import fc from "fast-check";
import { expect, it } from "vitest";
import { inexactNumbers } from "@synaps/sdk/protocol";

it("names the integers that a double does not hold, and numbers beyond every double, by their places", () => {
  const text = `{"id": 725653563933458433, "deep": [1, {"a/b~c": [-18446744073709551615]}], "big":1e999}`;
  expect(inexactNumbers(text)).toEqual(["/id", "/deep/1/a~1b~0c/0", "/big"]);
  expect(inexactNumbers("9007199254740993")).toEqual([""]);
});

it("leaves alone what stays the number that it is", () => {
  const fine = [
    9007199254740991,
    -9007199254740992,
    0.1,
    1e21,
    1e300,
    1.5e-7,
    "725653563933458433",
    { "18446744073709551615": 1 },
  ];
  expect(inexactNumbers(JSON.stringify(fine))).toEqual([]);
  expect(inexactNumbers("[3.14159265358979323846, 1E5, 0.00000000000000000000001]")).toEqual([]);
});

it("is not misled by digits in texts, by escapes, or by the order of keys and values", () => {
  const text = String.raw`{"a\"}":"\\", "k":["\\\"725653563933458433", "x:\"", {"é\u00e9\\":725653563933458433}], "z":"1e999"}`;
  expect(inexactNumbers(text)).toEqual(["/k/2/éé\\"]);
});

it("stops at as many places as were asked for, and is quick with megabytes", () => {
  expect(inexactNumbers(`[${"725653563933458433,".repeat(100_000)}0]`, 3)).toEqual(["/0", "/1", "/2"]);
  const long = JSON.stringify({ text: '\\"'.repeat(1_000_000), id: 1 }).replace("1}", "725653563933458433}");
  expect(inexactNumbers(long)).toEqual(["/id"]);
  expect(inexactNumbers(`${"[".repeat(20_000)}725653563933458433${"]".repeat(20_000)}`)).toHaveLength(1);
});

it("agrees with JSON.parse over any JSON: what it does not name comes back digit by digit", () => {
  const integer = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
  fc.assert(
    fc.property(fc.array(integer, { maxLength: 8 }), fc.json(), (integers, other) => {
      const text = `{"n":[${integers.join(",")}],"other":${JSON.stringify(other)}}`;
      const parsed = JSON.parse(text) as { n: number[] };
      const changed = integers.flatMap((one, at) =>
        String(parsed.n[at]) === String(one) ? [] : [`/n/${at}`],
      );
      expect(inexactNumbers(text)).toEqual(changed);
    }),
  );
});

it("names integers that are written with a point or an exponent as well", () => {
  const changed = [
    "9007199254740993.0",
    "9.007199254740993e15",
    "90071992547409930e-1",
    "-900719925474099.3E+1",
  ];
  for (const text of changed) expect(inexactNumbers(`{"n":${text}}`), text).toEqual(["/n"]);
  const kept = [
    "9007199254740992.0",
    "1.2345678901234567e+19",
    "1e22",
    "1.5E300",
    "0.1234567890123456789",
    "4.35e-7",
  ];
  for (const text of kept) expect(inexactNumbers(`{"n":${text}}`), text).toEqual([]);
});

it("looks within one member, whatever the others hold", () => {
  const many = Array.from({ length: 20 }, () => "9007199254740993").join();
  const text = `{"junk":[${many}],"result":{"n":[9007199254740993]},"more":[${many}]}`;
  expect(inexactNumbers(text, 8, "result")).toEqual(["/result/n/0"]);
  expect(inexactNumbers(text, 8, "params")).toEqual([]);
  expect(inexactNumbers(`[${many}]`, 8, "result")).toEqual([]);
});
