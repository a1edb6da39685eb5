import { expect, it } from "vitest";
import { rawFrame } from "../../../helpers/frames.js";
import { generation } from "./generation-kit.js";

it("the first text on standard output is warned of, and all of it is counted", () => {
  const { made, child, logged } = generation();
  expect(made.strayBytes).toBe(0);
  child.print(`${"x".repeat(100)}\n`);
  child.print("more\n");
  expect(made.strayBytes).toBe(106);
  expect(logged).toEqual([
    {
      level: "warn",
      message: "extension printed to standard output",
      fields: {
        extension: "x",
        sample: "x".repeat(80),
        hint: "standard output is for the protocol: print to stderr",
      },
    },
  ]);
});

it("text that comes after the handshake is no reason to end anything, however much it is", async () => {
  const { made, child, clock } = generation();
  await made.shakeHands(true);
  child.print(`${"x".repeat(1_023)}\n`.repeat(70));
  await clock.pass(5_000);
  expect([made.strayBytes, child.done]).toEqual([71_680, []]);
});

it("what is no message is warned of at the first, the tenth and the hundredth of its kind", () => {
  const { child, logged } = generation();
  for (let n = 1; n <= 101; n += 1) child.print(rawFrame(`{"n\x1b":${n}`));
  child.print(rawFrame("[]"));
  const fields = (problem: string, count: number, sample: string): object => ({
    extension: "x",
    problem,
    count,
    sample,
  });
  // The bytes of a damaged message are text outside of frames as well.
  const told = logged.filter(({ message }) => message === "extension sent something that is no message");
  expect([logged.length, told.length]).toEqual([5, 4]);
  expect(told.map(({ level }) => level)).toEqual(["warn", "warn", "warn", "warn"]);
  expect(told.map((one) => one.fields)).toEqual([
    fields("not_json", 1, '{"n":1'),
    fields("not_json", 10, '{"n":10'),
    fields("not_json", 100, '{"n":100'),
    fields("not_a_message", 1, "[]"),
  ]);
});

it("what is no message is shown with its first 80 characters", () => {
  const { child, logged } = generation();
  child.print(rawFrame("x".repeat(150)));
  expect(logged[0]?.message).toBe("extension sent something that is no message");
  expect(logged[0]?.fields["sample"]).toBe("x".repeat(80));
});

it("answers that come late and requests that were answered are told", async () => {
  const { made, child, told, clock } = generation(undefined, undefined, { onRequest: (method) => method });
  const reply = made.connection.request("ping", "null", 10);
  await clock.pass(10);
  expect(await reply).toMatchObject({ type: "timeout" });
  child.say({ id: 1, result: 1 });
  child.say({ id: "a", method: "memory.query" });
  await clock.pass(0);
  expect(told).toEqual([["late"], ["answered"]]);
  expect(child.heard[1]).toMatchObject({ id: "a", result: "memory.query" });
});
