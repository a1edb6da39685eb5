import { expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { allOf, asking, FLOW, modelHost, text } from "./support.js";

it(
  verifies("PROV-022") +
    "a reader that falls behind gets text joined, then fewer events and their number; nobody waits for him",
  async () => {
    const { host } = await modelHost();
    const chunk = "x".repeat(1_000);
    const events = [
      { type: "text", delta: chunk },
      { type: "thinking", delta: chunk },
    ];
    const stream = host.providers.stream(
      asking(FLOW, { events, times: 1_000, result: { content: [text("end")] } }),
    );
    expect(await stream.result).toMatchObject({ text: "end" });
    const seen = await allOf(stream);
    expect(seen.length).toBeLessThanOrEqual(1_024);
    const kept = seen.reduce((sum, event) => sum + ("text" in event ? event.text.length : 0), 0);
    expect(kept).toBeLessThanOrEqual(1024 * 1024);
    const many = {
      events: [
        { type: "text", delta: "a" },
        { type: "thinking", delta: "b" },
      ],
      times: 1_000,
    };
    const short = host.providers.stream(asking(FLOW, { ...many, result: { content: [text("end")] } }));
    await short.result;
    expect((await allOf(short)).length).toBe(1_024);
    const joined = host.providers.stream(
      asking(FLOW, {
        events: [{ type: "text", delta: chunk }],
        times: 1_000,
        result: { content: [text("end")] },
      }),
    );
    await joined.result;
    expect(await allOf(joined)).toEqual([{ type: "text", text: chunk.repeat(1_000) }]);
  },
);

it(
  verifies("PROV-022") + "the end of a stream has a place kept free, and says how much was dropped before it",
  async () => {
    const { host } = await modelHost();
    const events = Array.from({ length: 1_100 }, (_, n) => ({
      type: n % 2 ? "text" : "thinking",
      delta: "a",
    }));
    const stream = host.providers.stream(
      asking(FLOW, {
        events: [...events, { type: "usage", n: 1 }, { type: "done" }],
        result: { content: [text("e")] },
      }),
    );
    await stream.result;
    const seen = await allOf(stream);
    expect(seen.slice(-2)).toEqual([{ type: "usage", usage: { n: 1 }, dropped: 76 }, { type: "done" }]);
  },
);

it(verifies("PROV-022") + "a reader that keeps up gets an event of any size", async () => {
  const { host } = await modelHost();
  const large = "x".repeat(1_500_000);
  const stream = host.providers.stream(
    asking(FLOW, { events: [{ type: "text", delta: large }], result: { content: [text("end")] } }),
  );
  const seen = await allOf(stream);
  expect(seen[0]).toMatchObject({ type: "text" });
  expect(seen.reduce((sum, event) => sum + ("text" in event ? event.text.length : 0), 0)).toBe(1_500_000);
  expect(seen.some((event) => "dropped" in event)).toBe(false);
});
