import { describe, expect, it } from "vitest";
import { inState, statusOf } from "../../../e2e/host/support/fixture.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { answer, asking, FLOW, modelHost, text, WHOLE } from "./support.js";

it(
  verifies("PROV-001", "PROV-023") + "providers and models are listed under their runtime names, sorted",
  async () => {
    const { host } = await modelHost();
    expect(await host.providers.list()).toEqual([
      {
        id: "offers-models:another",
        extension: "offers-models",
        provider: "another",
        displayName: "Another",
        description: "Elsewhere",
        disabled: false,
        models: [
          {
            ref: "offers-models:another:only",
            id: "only",
            displayName: "only",
            streaming: false,
            toolUse: false,
            contextWindow: null,
          },
        ],
      },
      {
        id: "offers-models:local",
        extension: "offers-models",
        provider: "local",
        displayName: "Local models",
        description: "On this machine",
        disabled: false,
        models: [
          {
            ref: WHOLE,
            id: "whole",
            displayName: "Model whole",
            streaming: false,
            toolUse: true,
            contextWindow: 8192,
          },
          {
            ref: FLOW,
            id: "flow",
            displayName: "Model flow",
            streaming: true,
            toolUse: true,
            contextWindow: null,
          },
          {
            ref: "offers-models:local:bare",
            id: "bare",
            displayName: "bare",
            streaming: false,
            toolUse: false,
            contextWindow: null,
          },
        ],
      },
    ]);
  },
);

it(
  verifies("PROV-002") + "a completion is answered by the process, with the reference's parameters",
  async () => {
    const { host, asked } = await modelHost();
    const { messages } = asking(WHOLE, answer(text("Hello "), text("you")));
    const completion = await host.providers.complete({ model: WHOLE, messages });
    expect(completion).toEqual({
      content: [text("Hello "), text("you")],
      text: "Hello you",
      stopReason: null,
      usages: [],
      turns: 1,
      ranTools: [],
      malformedEvents: 0,
    });
    const all = {
      systemPrompt: "Be short.",
      tools: [{ name: "mine" }],
      temperature: 0.5,
      maxTokens: 9,
      thinkingBudget: 3,
    };
    await host.providers.complete({ model: WHOLE, messages, ...all });
    const ids = { provider_id: "local", model_id: "whole", model: WHOLE, messages };
    const none = {
      system_prompt: null,
      tools: [],
      temperature: null,
      max_tokens: null,
      thinking_budget: 0,
    };
    expect(asked()).toEqual([
      { method: "provider.complete", ...ids, ...none },
      {
        method: "provider.complete",
        ...ids,
        system_prompt: "Be short.",
        tools: [{ name: "mine" }],
        temperature: 0.5,
        max_tokens: 9,
        thinking_budget: 3,
      },
    ]);
  },
);

it.each([
  ["two parts", "offers-models:whole", "'offers-models:whole' is no model"],
  ["four parts", `${WHOLE}:x`, "is no model"],
  ["an empty part", "offers-models::whole", "is no model"],
  ["another name", "offers-models:local:hole", "There is no model 'offers-models:local:hole'"],
])(verifies("PROV-023") + "a reference with %s is no model", async (_what, model, message) => {
  const { host } = await modelHost();
  await expect(host.providers.complete(asking(model, answer(text("x"))))).rejects.toMatchObject({
    code: "PROVIDER_NOT_FOUND",
    message: expect.stringContaining(message) as unknown,
  });
});

describe("an answer", () => {
  it.each([
    ["null", null, "content is empty"],
    ["a text", "hi", "it is not an object"],
    ["no content", {}, "content is empty"],
    ["an empty content", { content: [] }, "content is empty"],
    ["a content that is no list", { content: "hi" }, "content is not a list"],
    ["a block that is no object", { content: ["hi"] }, "a block of content has no type"],
    ["a block without a type", { content: [{ text: "hi" }] }, "a block of content has no type"],
    ["a text block without text", { content: [{ type: "text" }] }, "a text block has no text"],
  ])(verifies("PROV-024") + "that is %s is refused", async (_what, result, message) => {
    const { host } = await modelHost();
    await expect(host.providers.complete(asking(WHOLE, { result }))).rejects.toMatchObject({
      code: "PROVIDER_MALFORMED",
      message: expect.stringContaining(message) as unknown,
    });
  });

  it.each([
    ["id", { type: "tool_use", name: "x" }, "missing id"],
    ["name", { type: "tool_use", id: "x" }, "missing name"],
    ["name that is not empty", { type: "tool_use", id: "x", name: "" }, "missing name"],
    ["id that is a text", { type: "tool_use", id: 1, name: "x" }, "missing id"],
  ])(
    verifies("PROV-016") + "with a tool_use block without %s fails the whole turn",
    async (_what, block, message) => {
      const { host } = await modelHost();
      await expect(host.providers.complete(asking(WHOLE, answer(text("x"), block)))).rejects.toMatchObject({
        code: "PROVIDER_MALFORMED",
        message: expect.stringContaining(message) as unknown,
      });
    },
  );

  it(verifies("PROV-024") + "with over 64 requests for tools is refused", async () => {
    const { host } = await modelHost();
    const many = Array.from({ length: 65 }, (_, n) => ({ type: "tool_use", id: `t${n}`, name: "x" }));
    await expect(host.providers.complete(asking(WHOLE, answer(...many)))).rejects.toMatchObject({
      code: "PROVIDER_MALFORMED",
    });
  });

  it(
    verifies("PROV-015") + "with requests for tools that the host is not to run comes back as it is",
    async () => {
      const { host } = await modelHost();
      const use = { type: "tool_use", id: "t-1", name: "weather", input: { city: "Oslo" } };
      const completion = await host.providers.complete(asking(WHOLE, answer(text("Wait."), use)));
      expect(completion).toMatchObject({
        content: [text("Wait."), use],
        text: "Wait.",
        turns: 1,
        ranTools: [],
      });
    },
  );
});

describe("a provider that gives no answer", () => {
  it(
    verifies("PROV-025") + "has 60 s for a completion and 120 s for a stream, the wait for its turn included",
    async () => {
      const { DEFAULT_LIMITS } = await import("@synaps/host");
      expect(DEFAULT_LIMITS).toMatchObject({ providerCompleteMs: 60_000, providerStreamMs: 120_000 });
      const { host, log } = await modelHost(
        {},
        { limits: { providerCompleteMs: 150, providerStreamMs: 150 } },
      );
      const slow = { wait: true } as const;
      const late = {
        code: "PROVIDER_UNAVAILABLE",
        data: { reason: expect.stringMatching(/^(timeout|busy)$/) as unknown },
      };
      const timed = async (count: number): Promise<number> => {
        const started = performance.now();
        const all = await Promise.allSettled([
          ...Array.from({ length: count }, () => host.providers.complete(asking(WHOLE, slow))),
          ...Array.from({ length: count }, () => host.providers.stream(asking(FLOW, slow)).result),
        ]);
        for (const one of all) expect(one).toMatchObject({ status: "rejected", reason: late });
        return performance.now() - started;
      };
      // On protocol 1 they come one after the other, and all of them end within their own time, not one after the other.
      const few = await timed(1);
      expect(await timed(4)).toBeLessThan(few * 3);
      expect(log.filter(({ level }) => level === "error")).toEqual([]);
    },
  );

  it(verifies("PROV-025") + "is cancelled by the signal, at once", async () => {
    const { host, asked } = await modelHost();
    const stop = new AbortController();
    const pending = host.providers.complete(asking(WHOLE, { wait: true }), { signal: stop.signal });
    await until("it is asked", () => asked().length === 1);
    stop.abort();
    await expect(pending).rejects.toMatchObject({ code: "PROVIDER_CANCELLED" });
  });

  it(verifies("PROV-025") + "because its process crashed is not asked again by the host", async () => {
    const { host, asked } = await modelHost();
    await expect(host.providers.complete(asking(WHOLE, { exit: true }))).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      data: { reason: "crash" },
    });
    await inState(host, "offers-models", "degraded");
    expect(asked()).toHaveLength(1);
    expect(await host.providers.complete(asking(WHOLE, answer(text("again"))))).toMatchObject({
      text: "again",
    });
  });

  it(verifies("PROV-025") + "but an error keeps its code and data, and runs on", async () => {
    const { host } = await modelHost();
    const error = { code: -32001, message: "no key", data: { key: "api" } };
    await expect(host.providers.complete(asking(WHOLE, { error }))).rejects.toMatchObject({
      code: "PROVIDER_FAILED",
      data: { code: -32001, data: { key: "api" } },
    });
    expect(statusOf(host, "offers-models").process).toMatchObject({ state: "running", restartCount: 0 });
  });
});

it(
  verifies("PROV-070") +
    "a model that streams and is offered no tools is asked for a stream, by complete too",
  async () => {
    const { host, asked, audit } = await modelHost();
    const events = ["a", "b"].map((delta) => ({ type: "text", delta }));
    const streamed = { events: [...events, { type: "usage", output_tokens: 2 }, { type: "done" }] };
    expect(await host.providers.complete(asking(FLOW, streamed))).toMatchObject({
      text: "ab",
      content: [{ type: "text", text: "ab" }],
      usages: [{ output_tokens: 2 }],
    });
    expect(await host.providers.complete(asking(FLOW, answer(text("whole"))))).toMatchObject({
      text: "whole",
    });
    const failing = { events: [{ type: "error", message: "no luck" }] };
    await expect(host.providers.complete(asking(FLOW, failing))).rejects.toMatchObject({
      code: "PROVIDER_FAILED",
    });
    expect(asked().map(({ method }) => method)).toEqual(Array(3).fill("provider.stream"));
    expect((await audit()).map(({ streamed: isStreamed }) => isStreamed)).toEqual([true, true, true]);
  },
);

it.each([1.5, -1, Number.NaN, "5"])(
  verifies("PROV-071") + "a thinking budget is a whole number, not %j",
  async (thinkingBudget) => {
    const { host, asked } = await modelHost();
    const request = { ...asking(WHOLE, answer(text("x"))), thinkingBudget: thinkingBudget as number };
    await expect(host.providers.complete(request)).rejects.toMatchObject({ code: "HOST_OPTIONS_INVALID" });
    await host.providers.complete({ ...request, thinkingBudget: null });
    await host.providers.complete(asking(WHOLE, answer(text("x"))));
    expect(asked().map(({ thinking_budget }) => thinking_budget)).toEqual([0, 0]);
  },
);
