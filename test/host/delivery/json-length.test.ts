import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonLength } from "../../../packages/host/src/delivery/json-length.js";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import { readEvent } from "../../../packages/host/src/delivery/event-input.js";

/** Values whose texts need no escapes and whose numbers have eight digits. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    fc.stringMatching(/^[a-z ]*$/),
    fc.integer({ min: 10_000_000, max: 99_999_999 }),
    fc.constantFrom(true, false, null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]+$/), tie("value"), { maxKeys: 4 }),
  ),
})).value;

it("tells the length of a value as JSON within a comma for each list and object", () => {
  fc.assert(
    fc.property(plain, (value) => {
      const text = JSON.stringify(value);
      const lists = text.split(/[[{]/).length - 1;
      expect(jsonLength(value) - text.length).toBeGreaterThanOrEqual(0);
      expect(jsonLength(value) - text.length).toBeLessThanOrEqual(lists);
    }),
  );
});

it("the size of an event stays the same once its text is written", () => {
  const bytes = "A".repeat(1_000);
  const event = OutgoingEvent.own(readEvent({ kind: "proxy.packet", data: { bytes, number: 1 } }), 0);
  const before = event.size;
  expect(event.text.length - before).toBeLessThan(20);
  expect(event.size).toBe(before);
  expect(OutgoingEvent.from({ kind: "on_usage", data: { bytes } }, 0)).toMatchObject({
    size: OutgoingEvent.from({ kind: "on_usage", data: { bytes } }, 0).text.length,
  });
});
