import { defineExtension, ExtensionError, type ProviderDefinition, type ProviderEvent } from "@synaps/sdk";
import { checkAgainstManifest, createHarness } from "@synaps/sdk/testing";
import { describe, expect, it } from "vitest";
import { verifies } from "../requirements/verifies.js";

const base = {
  displayName: "Local models",
  description: "On this machine",
  models: { small: { streaming: true, toolUse: true, contextWindow: 4096 }, plain: { displayName: "Plain" } },
  complete: ({ model_id }: { model_id: string }) => ({
    content: [{ type: "text" as const, text: model_id }],
  }),
};
const EVENTS: ProviderEvent[] = [
  { type: "thinking", text: "hm" },
  { type: "text", text: "It is " },
  { type: "tool_use", id: "t-1", name: "clock", input: {} },
  { type: "usage", output_tokens: 3 },
];
const extension = (local: ProviderDefinition) => defineExtension({ providers: { local } });

describe(verifies("PROV-038") + "a provider of the SDK", () => {
  it("is declared as a host expects it", async () => {
    const { initialized } = await createHarness(
      extension({ ...base, stream: async function* () {}, configSchema: { required: ["key"] } }),
    );
    expect(initialized.capabilities).toEqual({
      providers: [
        {
          id: "local",
          display_name: "Local models",
          description: "On this machine",
          models: [
            {
              id: "small",
              display_name: "small",
              capabilities: { streaming: true, tool_use: true },
              context_window: 4096,
            },
            { id: "plain", display_name: "Plain", capabilities: { streaming: false, tool_use: false } },
          ],
          config_schema: { required: ["key"] },
        },
      ],
    });
  });

  it("answers as a whole, with what it was asked", async () => {
    const asked: unknown[] = [];
    const complete: ProviderDefinition["complete"] = (request) => {
      asked.push(request);
      return { content: [{ type: "text", text: "hi" }], stop_reason: "end_turn" };
    };
    const harness = await createHarness(extension({ ...base, models: { small: {} }, complete }));
    const messages = [{ role: "user", content: "hello" }];
    expect(await harness.complete("local", "small", { messages, max_tokens: 5 })).toEqual({
      content: [{ type: "text", text: "hi" }],
      stop_reason: "end_turn",
    });
    expect(asked).toEqual([
      {
        provider_id: "local",
        model_id: "small",
        model: "test-extension:local:small",
        messages,
        system_prompt: null,
        tools: [],
        temperature: null,
        max_tokens: 5,
        thinking_budget: 0,
      },
    ]);
    await expect(harness.complete("remote", "small")).rejects.toThrow("unknown provider: remote");
    await expect(harness.complete("toString", "small")).rejects.toThrow("unknown provider: toString");
  });

  it("streams from a generator, whose end is the result", async () => {
    const stream: ProviderDefinition["stream"] = async function* () {
      yield* EVENTS;
      return { content: [{ type: "text", text: "It is late." }] };
    };
    const harness = await createHarness(extension({ ...base, stream }));
    expect(await harness.stream("local", "small")).toEqual({
      events: [...EVENTS, { type: "done" }],
      result: { content: [{ type: "text", text: "It is late." }] },
    });
  });

  it("streams by emitting; one that returns nothing has said it all", async () => {
    const stream: ProviderDefinition["stream"] = async (_request, { emit }) => {
      for (const event of EVENTS) emit(event);
      emit({ type: "done" });
      emit({ type: "text", text: "after the end" });
    };
    const harness = await createHarness(extension({ ...base, stream }));
    expect(await harness.stream("local", "small")).toEqual({
      events: [...EVENTS, { type: "done" }],
      result: { content: [] },
    });
  });

  it("stops a generator that nobody waits for any more, and lets it clean up", async () => {
    const stop = new AbortController();
    let cleaned = 0;
    const stream: ProviderDefinition["stream"] = async function* (_request, { signal }) {
      try {
        for (let n = 0; ; n += 1) {
          if (n === 2) stop.abort();
          await new Promise((resolve) => setImmediate(resolve));
          yield { type: "text", text: String(n) };
          if (signal.aborted) throw new Error("asked for more after the end");
        }
      } finally {
        cleaned += 1;
      }
    };
    const harness = await createHarness(extension({ ...base, stream }));
    const { events } = await harness.stream("local", "small", { signal: stop.signal });
    expect(events.at(-1)).toEqual({ type: "done" });
    expect([events.length < 10, cleaned]).toEqual([true, 1]);
  });

  it("that throws answers with an error, with its code and data", async () => {
    const error = new ExtensionError("no key", { code: -32001, data: { key: "api" } });
    const stream: ProviderDefinition["stream"] = async function* () {
      yield { type: "text", text: "a" };
      throw error;
    };
    const complete = (): never => {
      throw error;
    };
    const harness = await createHarness(extension({ ...base, stream, complete }));
    for (const answer of [harness.stream("local", "small"), harness.complete("local", "small")])
      await expect(answer).rejects.toMatchObject({ message: "no key", code: -32001, data: { key: "api" } });
  });

  it("that could never answer is no extension", () => {
    expect(() => extension({ ...base, complete: undefined as never })).toThrow(
      "the provider 'local': 'complete', a function, is missing.",
    );
    expect(() => extension(base)).toThrow("the model 'small' streams: 'stream', a function, is missing.");
  });

  it("without its permission is found when it is compared with its manifest", () => {
    const manifest = {
      name: "models",
      extension: {
        protocol_version: 3,
        runtime: "process",
        command: "node",
        permissions: ["tools.register"],
        hooks: [],
      },
    };
    const fits = { ...manifest, extension: { ...manifest.extension, permissions: ["providers.register"] } };
    const local = extension({ ...base, stream: async function* () {} });
    const codes = (against: object) => checkAgainstManifest(local, against).map(({ code }) => code);
    expect(codes(manifest)).toContain("PROVIDERS_NOT_PERMITTED");
    expect(codes(fits)).toEqual([]);
  });
});

describe(verifies("TOOL-019") + "a tool of the SDK", () => {
  const tools = defineExtension({
    tools: {
      count: {
        description: "Counts",
        input_schema: { type: "object" },
        idempotent: true,
        run: (_input, { progress, sessionId }) => {
          progress({ current: 1, total: 2 });
          progress("half way");
          return sessionId;
        },
      },
      plain: { description: "Plain", input_schema: { type: "object" }, run: () => "x" },
    },
  });

  it("says whether it may be called again", async () => {
    const { initialized } = await createHarness(tools);
    expect(initialized.capabilities.tools).toMatchObject([
      { name: "count", idempotent: true },
      { name: "plain" },
    ]);
    expect(initialized.capabilities.tools?.[1]).not.toHaveProperty("idempotent");
  });

  it("reports progress to whoever listens, and knows the session", async () => {
    const harness = await createHarness(tools);
    const reports: unknown[] = [];
    const onProgress = (report: unknown): void => void reports.push(report);
    expect(await harness.callTool("count", {}, { onProgress, sessionId: "s-1" })).toBe("s-1");
    expect(reports).toEqual([{ current: 1, total: 2 }, { message: "half way" }]);
    expect(await harness.callTool("count", {})).toBeNull();
    expect(reports).toHaveLength(2);
  });
});
