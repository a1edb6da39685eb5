import { FrameReader, type FrameProblem } from "@synaps/sdk/framing";
import { expect, it } from "vitest";

const frame = (body: string, length = Buffer.byteLength(body)): Buffer =>
  Buffer.from(`Content-Length: ${length}\r\n\r\n${body}`);

it("a row of bodies that are no messages is looked at in its beginning, and after a message anew", () => {
  const problems: FrameProblem[] = [];
  let messages = 0;
  const reader = new FrameReader({
    onMessage: () => (messages += 1),
    onProblem: (one) => problems.push(one),
  });
  const short = frame('{"id":1,"result":{"a":1}', 24);
  const faults = (): number => problems.splice(0).filter((one) => "length" in one).length;
  for (let n = 0; n < 100; n += 1) reader.push(short);
  expect(faults()).toBe(64);
  reader.push(frame('{"id":1}'));
  for (let n = 0; n < 10; n += 1) reader.push(short);
  expect([faults(), messages]).toEqual([10, 1]);
});
