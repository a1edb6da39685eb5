import { describe, expect, it } from "vitest";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { allOf, answer, asking, FLOW, modelHost, text, WHOLE } from "./support.js";

const EVENTS = [
  { type: "thinking", delta: "Let me " },
  { event: { type: "thinking", text: "see." } },
  { type: "text", delta: "It is " },
  { type: "tool_use", id: "t-1", name: "weather", input: { city: "Oslo" } },
  { event: { type: "tool_use", id: "t-2", name: "clock" } },
  { type: "text", text: "cold." },
  { type: "usage", input_tokens: 3, output_tokens: 5 },
  { type: "error", message: "a hiccup" },
  { type: "done" },
];

const SEEN = [
  { type: "thinking", text: "Let me see." },
  { type: "text", text: "It is " },
  { type: "tool_use", id: "t-1", name: "weather", input: { city: "Oslo" } },
  { type: "tool_use", id: "t-2", name: "clock", input: {} },
  { type: "text", text: "cold." },
  { type: "usage", usage: { input_tokens: 3, output_tokens: 5 } },
  { type: "error", message: "a hiccup" },
  { type: "done" },
];

describe("a stream", () => {
  it.each([1, 2, 3])(
    verifies("PROV-010", "PROV-020", "PROV-030") +
      "on protocol %i brings text, thinking, tool_use, usage, error and done in order, then the final result",
    async (protocol_version) => {
      const { host, asked } = await modelHost({ extension: { protocol_version } });
      const final = { content: [text("It is cold.")], stop_reason: "end_turn", usage: { output_tokens: 5 } };
      const stream = host.providers.stream(asking(FLOW, { events: EVENTS, result: final }));
      const { result } = stream;
      // Not read before the end, so that what may be joined is joined.
      await result;
      expect(await allOf(stream)).toEqual(SEEN);
      expect(await result).toMatchObject({
        content: [text("It is cold.")],
        text: "It is cold.",
        stopReason: "end_turn",
        usages: [{ output_tokens: 5 }],
        malformedEvents: 0,
      });
      expect(asked()).toMatchObject([
        { method: "provider.stream", provider_id: "local", model_id: "flow", model: FLOW },
      ]);
    },
  );

  it(verifies("PROV-020") + "of a provider that answers with nothing else is its content", async () => {
    const { host } = await modelHost();
    const events = EVENTS.filter((event) => !("type" in event) || event.type !== "error");
    const completion = await host.providers.stream(asking(FLOW, { events })).result;
    expect(completion.content).toEqual([
      { type: "thinking", thinking: "Let me see." },
      text("It is "),
      { type: "tool_use", id: "t-1", name: "weather", input: { city: "Oslo" } },
      { type: "tool_use", id: "t-2", name: "clock", input: {} },
      text("cold."),
    ]);
    expect(completion.usages).toEqual([{ input_tokens: 3, output_tokens: 5 }]);
  });

  it(verifies("PROV-030") + "arrives while the provider is still at it", async () => {
    const { host, go } = await modelHost();
    const stream = host.providers.stream(
      asking(FLOW, { events: [{ type: "text", delta: "first" }], wait: true }),
    );
    const events = stream[Symbol.asyncIterator]();
    expect(await events.next()).toEqual({ done: false, value: { type: "text", text: "first" } });
    go();
    expect(await events.next()).toMatchObject({ done: true });
  });

  it(verifies("PROV-011") + "ends well when nobody listens, or nobody listens any more", async () => {
    const { host, go } = await modelHost();
    const unread = host.providers.stream(asking(FLOW, { events: EVENTS, result: { content: [text("x")] } }));
    expect(await unread.result).toMatchObject({ text: "x" });
    const left = host.providers.stream(
      asking(FLOW, { events: EVENTS, wait: true, result: { content: [text("y")] } }),
    );
    for await (const event of left) {
      expect(event.type).toBe("thinking");
      break;
    }
    go();
    expect(await left.result).toMatchObject({ text: "y" });
  });

  it(verifies("PROV-012") + "that ends with an error rejects, for readers and for the result", async () => {
    const { host } = await modelHost();
    const error = { code: -32001, message: "rate limited", data: { retry: 3 } };
    const stream = host.providers.stream(asking(FLOW, { events: [{ type: "text", delta: "a" }], error }));
    const expected = {
      code: "PROVIDER_FAILED",
      message: `'${FLOW}' failed: rate limited`,
      data: { code: -32001, data: { retry: 3 } },
    };
    await expect(allOf(stream)).rejects.toMatchObject(expected);
    await expect(stream.result).rejects.toMatchObject(expected);
    const said = host.providers.stream(asking(FLOW, { events: [{ type: "error", message: "no key" }] }));
    await expect(said.result).rejects.toMatchObject({
      code: "PROVIDER_FAILED",
      message: `'${FLOW}' failed: no key`,
    });
    expect(statusOf(host, "offers-models").process?.restartCount).toBe(0);
  });

  it(verifies("PROV-013") + "skips events that make no sense, counted and warned of", async () => {
    const { host, log } = await modelHost();
    const malformed = [
      {},
      { type: "text" },
      { type: "text", delta: 5 },
      { type: "tool_use", id: "", name: "x" },
    ];
    const more = [
      { type: "tool_use", id: "a" },
      { type: "usage" },
      { type: "error" },
      { type: "song" },
      { event: 7 },
    ];
    const events = [...malformed, ...more, { type: "text", delta: "fine" }];
    const raw = [null, [], "text", 7].map((params) => ({ method: "provider.stream.event", params }));
    const stream = host.providers.stream(asking(FLOW, { events, raw, result: { content: [text("fine")] } }));
    expect(await allOf(stream)).toEqual([{ type: "text", text: "fine" }]);
    expect((await stream.result).malformedEvents).toBe(13);
    const warnings = log.filter(({ message }) => message.startsWith("a stream event was skipped"));
    expect(warnings.map(({ fields }) => fields["count"])).toEqual([1, 10]);
  });

  it(verifies("PROV-014") + "is not disturbed by notifications that nobody knows", async () => {
    const { host } = await modelHost();
    const raw = [{ method: "provider.stream.song", params: { type: "text", delta: "no" } }, { method: "x" }];
    const stream = host.providers.stream(asking(FLOW, { raw, events: [{ type: "text", delta: "yes" }] }));
    expect(await allOf(stream)).toEqual([{ type: "text", text: "yes" }]);
  });

  it(verifies("PROV-030") + "of a model that does not stream is its whole answer as events", async () => {
    const { host, asked } = await modelHost();
    const stream = host.providers.stream(
      asking(
        WHOLE,
        answer({ type: "thinking", thinking: "hm" }, text("all"), { type: "tool_use", id: "t", name: "n" }),
      ),
    );
    expect(await allOf(stream)).toEqual([
      { type: "thinking", text: "hm" },
      { type: "text", text: "all" },
      { type: "tool_use", id: "t", name: "n", input: {} },
      { type: "done" },
    ]);
    expect(asked()).toMatchObject([{ method: "provider.complete" }]);
  });
});

describe("several streams at a time", () => {
  const streams = (host: Awaited<ReturnType<typeof modelHost>>["host"]) =>
    ["a", "b", "c"].map((delta) =>
      host.providers.stream(asking(FLOW, { events: [{ type: "text", delta }], times: 5 })),
    );
  const texts = ["aaaaa", "bbbbb", "ccccc"];

  it.each([
    ["protocol 3 names the stream of each event", { protocol_version: 3 }],
    ["others have one at a time", { protocol_version: 1, max_concurrency: 4 }],
  ])(verifies("PROV-021") + "are kept apart: %s", async (_how, extension) => {
    const { host } = await modelHost({ extension });
    const results = await Promise.all(streams(host).map(({ result }) => result));
    expect(results.map((one) => one.text)).toEqual(texts);
  });

  it(
    verifies("PROV-021") + "an event that names no stream, where there are several, belongs to none",
    async () => {
      const { host, go, asked } = await modelHost({ extension: { protocol_version: 3 } });
      const stray = [
        { method: "provider.stream.event", params: { type: "text", delta: "stray" } },
        { method: "provider.stream.event", params: { token: "999", type: "text", delta: "stray" } },
      ];
      const first = host.providers.stream(asking(FLOW, { wait: true, result: { content: [text("x")] } }));
      await until("the first runs", () => asked().length === 1);
      const second = host.providers.stream(
        asking(FLOW, { raw: stray, wait: true, result: { content: [text("y")] } }),
      );
      await until("both run", () => asked().length === 2);
      go();
      expect([await allOf(first), await allOf(second)]).toEqual([[], []]);
    },
  );
});
