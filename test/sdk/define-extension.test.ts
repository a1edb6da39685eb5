import {
  block,
  confirm,
  defineExtension,
  defineHook,
  inject,
  modify,
  proceed,
  replace,
  type CallContext,
  type JsonValue,
  type SynapsEvent,
  type SynapsVerdict,
} from "@synaps/sdk";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { describe, expect, expectTypeOf, it } from "vitest";

describe("defineExtension", () => {
  it("freezes what it was given, and leaves the original alone", () => {
    const definition = { hooks: {} };
    const extension = defineExtension(definition);
    expect(Object.isFrozen(extension) && Object.isFrozen(extension.definition)).toBe(true);
    expect(Object.isFrozen(definition)).toBe(false);
  });

  it("keeps kinds of other catalogs, whose names it cannot know", () => {
    const kinds = { "gateway.connection": () => undefined } as never;
    expect(() => defineExtension({ hooks: kinds })).not.toThrow();
  });

  it("knows the kinds of catalogs in the one-line form, too", () => {
    const catalogs = [gatewayCatalog] as const;
    const { definition } = defineHook("gateway.startup", () => undefined, { catalogs });
    expect(definition).toMatchObject({
      catalogs,
      hooks: { "gateway.startup": expect.any(Function) as unknown },
    });
    expect(() => defineHook("gateway.startpu" as "gateway.startup", () => undefined, { catalogs })).toThrow(
      "defineHook: unknown hook kind 'gateway.startpu'. Did you mean 'gateway.startup'?",
    );
  });

  it("types the event, the configuration and the verdict of each handler", () => {
    defineExtension({
      config: { limit: { type: "number", default: 3 }, name: { type: "string" }, rules: { type: "json" } },
      hooks: {
        before_tool_call: (event, { config, signal }) => {
          expectTypeOf(event).toEqualTypeOf<SynapsEvent<"before_tool_call">>();
          expectTypeOf(event.tool_name).toEqualTypeOf<string>();
          expectTypeOf(event.message).toEqualTypeOf<string | null>();
          expectTypeOf(config.limit).toEqualTypeOf<number>();
          expectTypeOf(config.name).toEqualTypeOf<string | undefined>();
          expectTypeOf(config.rules).toEqualTypeOf<JsonValue | undefined>();
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          return block("no");
        },
        on_session_end: (event) => {
          expectTypeOf(event.transcript).toEqualTypeOf<JsonValue[] | null>();
        },
        on_usage: async (event) => {
          expectTypeOf(event.data.usage.input_tokens).toEqualTypeOf<number>();
          await Promise.resolve();
        },
      },
      tools: {
        add: {
          description: "Adds",
          input_schema: { type: "object" },
          run: (input, { config }) => {
            expectTypeOf(input).toEqualTypeOf<JsonValue>();
            return config.limit;
          },
        },
      },
    });
  });

  it("accepts each verdict where its kind allows it", () => {
    defineExtension({
      hooks: {
        before_tool_call: ({ tool_name }) => (tool_name === "bash" ? modify({}) : confirm("sure?")),
        after_tool_call: async () => Promise.resolve(replace("[withheld]")),
        before_message: () => inject("context"),
        on_session_start: () => undefined,
        on_message_complete: () => proceed(),
      },
    });
    expectTypeOf<SynapsVerdict<"on_usage">>().toEqualTypeOf<{ action: "continue" }>();
  });

  it("does not compile with a verdict that the kind does not allow", () => {
    // @ts-expect-error a message cannot be blocked
    defineHook("before_message", () => block("no"));
    // @ts-expect-error an output is replaced, not modified
    defineHook("after_tool_call", () => modify({}));
    // @ts-expect-error an observer decides nothing
    defineHook("on_message_complete", () => inject("more"));
    // @ts-expect-error also not later
    defineHook("on_session_end", async () => Promise.resolve(block("no")));
    // @ts-expect-error a reason is text
    defineHook("before_tool_call", () => ({ action: "block", reason: 5 }));
    // @ts-expect-error there is no such kind
    expect(() => defineExtension({ hooks: { before_tool_cal: () => undefined } })).toThrow(
      "unknown hook kind",
    );
    // @ts-expect-error there is no such type
    expect(() => defineExtension({ config: { level: { type: "int" } } })).toThrow("unknown type");
    defineExtension({
      config: { level: { type: "number", default: 1 } },
      // @ts-expect-error the key is not declared
      start: ({ config }) => void config.levle,
    });
  });

  it("types the one-line form by its kind", () => {
    defineHook("before_message", (event, context) => {
      expectTypeOf(event).toEqualTypeOf<SynapsEvent<"before_message">>();
      expectTypeOf(context).toExtend<CallContext>();
      return inject(event.message);
    });
  });
});
