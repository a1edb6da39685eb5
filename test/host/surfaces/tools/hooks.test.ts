import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { toolHost } from "./support.js";

const ECHO = "offers-tools:echo";

it(
  verifies("TOOL-010") + "hooks see a call under both names with its session, and its output after it",
  async () => {
    const { host } = await toolHost();
    const seen: unknown[] = [];
    for (const kind of ["before_tool_call", "after_tool_call"] as const)
      host.subscribe(kind, (event) => void seen.push(event));
    await host.tools.call(ECHO, { text: "hi" }, { sessionId: "s-1" });
    const names = { tool_name: "offers-tools_echo", tool_runtime_name: ECHO, session_id: "s-1" };
    expect(seen).toMatchObject([
      { kind: "before_tool_call", ...names, tool_input: { text: "hi" }, tool_output: null },
      { kind: "after_tool_call", ...names, tool_input: { text: "hi" }, tool_output: "hi" },
    ]);
  },
);

it(verifies("TOOL-003") + "a tool filter names a tool by either name", async () => {
  const { host } = await toolHost();
  const seen: string[] = [];
  for (const tool of [ECHO, "offers-tools_echo", "offers-tools:other"])
    host.subscribe("before_tool_call", () => void seen.push(tool), { filter: { tools: [tool] } });
  await host.tools.call(ECHO, { text: "hi" });
  expect(seen.sort()).toEqual([ECHO, "offers-tools_echo"].sort());
});

it(
  verifies("TOOL-010") + "the tool gets the input as it was changed, and the hooks after it see that one",
  async () => {
    const { host } = await toolHost();
    const after: unknown[] = [];
    host.subscribe("before_tool_call", () => ({ action: "modify", input: { text: "changed" } }));
    host.subscribe("after_tool_call", ({ tool_input }) => void after.push(tool_input));
    const result = await host.tools.call(ECHO, { text: "hi" });
    expect(result).toMatchObject({ status: "ok", content: "changed", input: { text: "changed" } });
    expect(result.before?.action).toBe("modify");
    expect(after).toEqual([{ text: "changed" }]);
  },
);

it(verifies("TOOL-010") + "an input that was changed into a misfit is not sent", async () => {
  const { host, calls } = await toolHost();
  host.subscribe("before_tool_call", () => ({ action: "modify", input: { text: 7 } }));
  expect(await host.tools.call(ECHO, { text: "hi" })).toMatchObject({
    status: "invalid_input",
    isError: true,
    problems: [{ pointer: "/text", message: "must be a string" }],
    content:
      "The input, as a hook changed it, does not fit the tool 'offers-tools:echo': /text must be a string.",
  });
  expect(calls()).toEqual([]);
});

it(
  verifies("TOOL-016") + "a blocked call is a result that says who blocked it, and is never sent",
  async () => {
    const { host, calls } = await toolHost();
    host.subscribe("before_tool_call", () => ({ action: "block", reason: "not today" }), { id: "guard" });
    expect(await host.tools.call(ECHO, { text: "hi" })).toMatchObject({
      status: "blocked",
      isError: true,
      content: "not today",
      by: "guard",
    });
    expect(calls()).toEqual([]);
  },
);

it(verifies("TOOL-016") + "a confirmation is asked for, or blocks where nobody may be asked", async () => {
  const asked: string[] = [];
  const confirm = ({ message }: { message: string }): boolean => asked.push(message) > 0;
  const { host } = await toolHost({}, { confirm });
  host.subscribe("before_tool_call", () => ({ action: "confirm", message: "really?" }));
  expect(await host.tools.call(ECHO, { text: "hi" })).toMatchObject({ status: "ok" });
  expect(await host.tools.call(ECHO, { text: "hi" }, { confirm: "block" })).toMatchObject({
    status: "blocked",
    content: "requires confirmation but no interactive prompt is available: really?",
  });
  expect(await host.tools.call(ECHO, { text: "hi" }, { confirm: () => false })).toMatchObject({
    status: "blocked",
    content: "confirmation denied: really?",
  });
  expect(asked).toEqual(["really?"]);
});

it(verifies("TOOL-017") + "what a hook put in place of an output stands for all of it", async () => {
  const { host } = await toolHost();
  host.subscribe("after_tool_call", () => ({ action: "replace", output: "***" }));
  const shaped = await host.tools.call("offers-tools:shape", { result: { secret: "s3cr3t" } });
  expect(shaped).toMatchObject({ status: "ok", content: "***" });
  expect(shaped).not.toHaveProperty("structured");
  const failed = await host.tools.call("offers-tools:fails");
  expect(failed).toMatchObject({ status: "error", isError: true, content: "***" });
  expect(failed).not.toHaveProperty("error");
});

it(verifies("TOOL-010") + "hooks after it learn that the output is an error", async () => {
  const { host } = await toolHost();
  const seen: unknown[] = [];
  host.subscribe("after_tool_call", ({ tool_output }) => void seen.push(tool_output));
  await host.tools.call("offers-tools:fails");
  expect(seen).toEqual(["no such city"]);
});

it(verifies("TOOL-010") + "a host of a gateway calls tools, too, between hooks of the program", async () => {
  const { host } = await toolHost({}, { catalogs: [gatewayCatalog] });
  const called = await host.tools.call(ECHO, { text: "hi" });
  expect(called).toMatchObject({ status: "ok", content: "hi", before: { action: "continue", votes: [] } });
  await host.use({
    id: "no-echo",
    events: ["before_tool_call"],
    on: () => ({ action: "block", reason: "not here" }),
  });
  const stopped = await host.tools.call(ECHO, { text: "hi" });
  expect(stopped).toMatchObject({ status: "blocked", content: "not here", by: "no-echo" });
});
