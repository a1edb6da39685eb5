import { expect, it } from "vitest";
import { rawFrame } from "../../../helpers/frames.js";
import { generation } from "./generation-kit.js";

const PRINT = "Print to standard error: standard output is for the protocol.";
const FRAME =
  "Send each message as 'Content-Length: <bytes>', a blank line, and JSON in UTF-8 of at most 4 MiB.";

/** A generation whose handshake is done. */
async function live() {
  const made = generation();
  await made.made.shakeHands(true);
  return made;
}

it("the first text on standard output is told, and all of it is counted", async () => {
  const { made, child, told } = await live();
  expect(made.strayBytes).toBe(0);
  child.print(`${"x".repeat(100)}\n`);
  child.print("more\n");
  expect(made.strayBytes).toBe(106);
  expect(told).toEqual([
    [
      "mistake",
      {
        code: "OUTPUT_NOT_PROTOCOL",
        message: "Extension 'x' misuses standard output: it printed text on standard output",
        hint: PRINT,
        evidence: `"${"x".repeat(80)}"`,
      },
    ],
  ]);
});

it("text that comes before the handshake is told when the handshake is done", async () => {
  const { made, child, told } = generation();
  child.print("hello\n");
  child.print('{"jsonrpc":"2.0","id":9,"result":{}}\n');
  expect(told).toEqual([]);
  await made.shakeHands(true);
  expect(told).toMatchObject([
    ["mistake", { code: "OUTPUT_NOT_PROTOCOL", evidence: '"hello"' }],
    ["mistake", { code: "OUTPUT_MALFORMED", message: expect.stringContaining("as a line of JSON") }],
  ]);
});

it("text that comes after the handshake is no reason to end anything, however much it is", async () => {
  const { made, child, clock } = await live();
  child.print(`${"x".repeat(1_023)}\n`.repeat(70));
  await clock.pass(5_000);
  expect([made.strayBytes, child.done]).toEqual([71_680, []]);
});

it("what is no message is told at the first and warned of at the tenth and the hundredth of its kind", async () => {
  const { child, logged, told } = await live();
  for (let n = 1; n <= 101; n += 1) child.print(rawFrame(`{"n\u001b":${n}`));
  child.print(rawFrame("[]"));
  const code = "OUTPUT_MALFORMED";
  const short =
    "Extension 'x' sent something that cannot be read: it sent a message that is not JSON, or whose length is not counted in bytes";
  // The bytes of a damaged message are text outside of frames as well: nobody printed them.
  expect(told).toEqual([
    [
      "mistake",
      {
        code,
        message: short,
        hint: FRAME,
        evidence: '"{\\"n\\u001b\\":1"',
      },
    ],
    [
      "mistake",
      {
        code,
        message:
          "Extension 'x' sent something that cannot be read: it sent JSON that is no message of the protocol: batches are not supported",
        hint: expect.stringContaining("jsonrpc"),
        evidence: '"[]"',
      },
    ],
  ]);
  const fields = (count: number): object => ({
    extension: "x",
    code,
    count,
    evidence: `"{\\"n\\u001b\\":${count}"`,
  });
  const warned = logged.filter(({ message }) => message === short);
  expect(warned.map((one) => [one.level, one.fields])).toEqual([
    ["warn", fields(10)],
    ["warn", fields(100)],
  ]);
});

it("what is no message is shown with its first 80 characters", async () => {
  const { child, told } = await live();
  child.print(rawFrame("x".repeat(150)));
  expect(told[0]).toEqual([
    "mistake",
    {
      code: "OUTPUT_MALFORMED",
      message:
        "Extension 'x' sent something that cannot be read: it sent a message that is not JSON, or whose length is not counted in bytes",
      hint: FRAME,
      evidence: `"${"x".repeat(80)}"`,
    },
  ]);
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
