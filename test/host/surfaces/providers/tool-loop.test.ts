import type { OwnTool } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { allOf, answer, asking, FLOW, modelHost, text, uses, WHOLE } from "./support.js";

const ECHO = "offers-tools_echo";
const done = answer(text("done"));
const own = (name: string, run: OwnTool["run"]): OwnTool => ({
  name,
  description: `What ${name} does`,
  inputSchema: { type: "object", properties: { n: { type: "number" } } },
  run,
});

/** What the provider got back for its requests, after the first turn. */
function results(asked: Record<string, unknown>[]): unknown {
  const messages = asked.at(-1)?.["messages"] as { role: string; content: unknown }[];
  return messages[2]?.content;
}

describe("the tool loop", () => {
  it(
    verifies("PROV-004", "PROV-017", "PROV-031") + "runs what the provider asks for, and ends with its text",
    async () => {
      const { host, asked } = await modelHost({ withTools: true });
      const request = asking(WHOLE, answer(text("Wait."), uses(ECHO, { text: "hi" })), done);
      const completion = await host.providers.complete(request, { extensionTools: true });
      expect(completion).toMatchObject({
        text: "done",
        turns: 2,
        ranTools: [{ id: "t-1", name: ECHO, isError: false }],
      });
      const [first, second] = asked();
      expect(first?.["tools"]).toContainEqual({
        name: ECHO,
        description: "What echo does",
        input_schema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
      });
      expect(second?.["messages"]).toEqual([
        ...request.messages,
        { role: "assistant", content: [text("Wait."), uses(ECHO, { text: "hi" })] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t-1", content: "hi" }] },
      ]);
    },
  );

  it(
    verifies("PROV-018") +
      "marks the outputs of tools that fail, are unknown, were not offered or got a misfit",
    async () => {
      const { host, asked } = await modelHost({ withTools: true });
      const asks = answer(
        uses("offers-tools:fails", {}, "a"),
        uses("no-such-tool", {}, "b"),
        uses("offers-tools_shape", { result: 1 }, "c"),
        uses(ECHO, { text: 5 }, "d"),
        uses("breaks", {}, "e"),
        uses("breaks", { n: "x" }, "f"),
      );
      const breaks = own("breaks", () => {
        throw new Error("broken");
      });
      const extensionTools = ["offers-tools:echo", "offers-tools_fails"];
      await host.providers.complete(asking(WHOLE, asks, done), { extensionTools, ownTools: [breaks] });
      const failed = (tool_use_id: string, content: unknown) => ({
        type: "tool_result",
        tool_use_id,
        content,
        is_error: true,
      });
      expect(results(asked())).toEqual([
        failed("a", "Tool execution failed: no such city"),
        failed("b", "unknown tool: no-such-tool"),
        failed("c", "unknown tool: offers-tools_shape"),
        failed("d", expect.stringContaining("/text must be a string")),
        failed("e", "broken"),
        failed("f", expect.stringContaining("/n must be a number")),
      ]);
    },
  );

  it(
    verifies("PROV-019") + "passes every tool through the hooks, without a session; nobody is asked",
    async () => {
      const asked: string[] = [];
      const models = await modelHost(
        { withTools: true },
        { confirm: ({ message }) => asked.push(message) > 0 },
      );
      const { host } = models;
      const seen: unknown[] = [];
      host.subscribe("before_tool_call", ({ tool_name, session_id }) => {
        seen.push([tool_name, session_id]);
        if (tool_name === "mine") return { action: "confirm", message: "really?" };
        return { action: "block", reason: "not here" };
      });
      host.subscribe("after_tool_call", () => ({ action: "replace", output: "never" }));
      let ran = 0;
      const mine = own("mine", () => String((ran += 1)));
      const request = asking(WHOLE, answer(uses(ECHO, { text: "x" }, "a"), uses("mine", {}, "b")), done);
      await host.providers.complete(request, { extensionTools: true, ownTools: [mine] });
      expect(seen).toEqual([
        [ECHO, null],
        ["mine", null],
      ]);
      expect([asked, ran]).toEqual([[], 0]);
      expect(results(models.asked())).toEqual([
        { type: "tool_result", tool_use_id: "a", content: "not here", is_error: true },
        {
          type: "tool_result",
          tool_use_id: "b",
          content: "requires confirmation but no interactive prompt is available: really?",
          is_error: true,
        },
      ]);
    },
  );

  it(
    verifies("PROV-026") + "runs the program's own tools, with what the hooks made of their input",
    async () => {
      const { host, asked } = await modelHost({ withTools: true });
      host.subscribe("before_tool_call", () => ({ action: "modify", input: { n: 2 } }));
      const inputs: unknown[] = [];
      const mine = own("offers-tools_echo", (input) => {
        inputs.push(input);
        return "own";
      });
      const options = { extensionTools: true, ownTools: [mine] };
      await host.providers.complete(asking(WHOLE, answer(uses(ECHO, { n: 1 })), done), options);
      // Its name goes before the extension's.
      expect(inputs).toEqual([{ n: 2 }]);
      expect(results(asked())).toEqual([{ type: "tool_result", tool_use_id: "t-1", content: "own" }]);
      const offered = asked()[0]?.["tools"] as { name: string; description: string }[];
      expect(offered.filter(({ name }) => name === ECHO)).toMatchObject([
        { description: `What ${ECHO} does` },
      ]);
    },
  );

  it(verifies("PROV-027") + "ends after 8 turns, or as many as it is told", async () => {
    const { host, asked } = await modelHost();
    let ran = 0;
    const ownTools = [own("mine", () => String((ran += 1)))];
    const forever = asking(WHOLE, answer(uses("mine")));
    await expect(host.providers.complete(forever, { ownTools })).rejects.toMatchObject({
      code: "PROVIDER_TOOL_LIMIT",
      message: expect.stringContaining("exceeded the provider tool-use iteration limit (8)") as unknown,
    });
    expect([asked().length, ran]).toEqual([8, 7]);
    await expect(host.providers.complete(forever, { ownTools, maxTurns: 2 })).rejects.toThrow("limit (2)");
    expect(asked()).toHaveLength(10);
  });

  it(verifies("PROV-027") + "gives a provider at most 30,000 bytes of an output", async () => {
    const { host, asked } = await modelHost();
    const ownTools = [own("mine", () => "ä".repeat(20_000))];
    await host.providers.complete(asking(WHOLE, answer(uses("mine")), done), { ownTools });
    expect(results(asked())).toEqual([
      {
        type: "tool_result",
        tool_use_id: "t-1",
        content: `${"ä".repeat(15_000)}…[truncated, 40000 total bytes]`,
      },
    ]);
  });

  it(
    verifies("PROV-028") +
      "works for streams as well: what was streamed is run, and the events of all turns arrive",
    async () => {
      const { host, asked } = await modelHost({ extension: { protocol_version: 3 } });
      const ownTools = [own("mine", () => "ran")];
      const first = { events: [{ type: "thinking", delta: "hm" }, uses("mine", { n: 1 }), { type: "done" }] };
      const second = { events: [{ type: "text", delta: "done" }, { type: "done" }] };
      const stream = host.providers.stream(asking(FLOW, first, second), { ownTools });
      expect(await allOf(stream)).toEqual([
        { type: "thinking", text: "hm" },
        { type: "tool_use", id: "t-1", name: "mine", input: { n: 1 } },
        { type: "done" },
        { type: "text", text: "done" },
        { type: "done" },
      ]);
      expect(await stream.result).toMatchObject({ text: "done", turns: 2, ranTools: [{ name: "mine" }] });
      expect(results(asked())).toMatchObject([{ type: "tool_result", content: "ran" }]);
    },
  );

  it(
    verifies("PROV-070") +
      "models of protocols 1 and 2 that stream and use tools are asked for a whole with tools",
    async () => {
      const { host, asked } = await modelHost();
      const ownTools = [own("mine", () => "ran")];
      const turns = [answer(uses("mine", { n: 1 })), answer(text("done"))];
      const stream = host.providers.stream(asking(FLOW, ...turns), { ownTools });
      expect((await allOf(stream)).map(({ type }) => type)).toEqual(["tool_use", "done", "text", "done"]);
      await host.providers.complete(asking(FLOW, answer(text("x"))), { ownTools });
      expect(asked().map(({ method }) => method)).toEqual(Array(3).fill("provider.complete"));
    },
  );

  it(verifies("PROV-026") + "does not begin with a tool that does not exist", async () => {
    const { host, asked } = await modelHost();
    await expect(
      host.providers.complete(asking(WHOLE, done), { extensionTools: ["no:tool"] }),
    ).rejects.toMatchObject({ code: "TOOL_NOT_FOUND" });
    expect(asked()).toEqual([]);
  });
});
