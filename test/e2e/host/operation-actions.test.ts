import { defineCatalog, synapsCatalog, type JsonValue } from "@synaps/sdk/protocol";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";

const catalog = defineCatalog({
  name: "work",
  chain: "first_decision",
  kinds: {
    "work.before": {
      permission: "tools.intercept",
      toolFilter: false,
      delivery: "gate",
      actions: ["continue", "block", "modify", "replace", "skip", "cache", "redirect", "retry", "fork"],
      modifies: "data",
      replaces: "tool_output",
      canFailClosed: true,
      since: 1,
      deadlineMs: 5_000,
      description: "Before work is done",
    },
  },
});

/** Answers by what the work is called; a place that work was sent to is left alone. */
const ANSWERS: Record<string, JsonValue> = {
  stop: { action: "block", reason: "no" },
  change: { action: "modify", input: "changed" },
  given: { action: "replace", output: "given" },
  leave: { action: "skip", reason: "not now" },
  known: { action: "cache", value: { n: 1 } },
  keep: { action: "cache", store: true, ttl_ms: 60_000 },
  elsewhere: { action: "redirect", target: "there" },
  again: { action: "retry", delay_ms: 0, max_attempts: 2 },
  split: { action: "fork", operations: ["one", "two"] },
};
const NODE = `
import { serve } from ${JSON.stringify(repo("test/fixtures/fixture-kit.mjs"))};
const answers = ${JSON.stringify(ANSWERS)};
serve({
  initialize: () => ({ protocol_version: 1, capabilities: {} }),
  hook: ({ data, tool_name }) => (tool_name ? undefined : answers[data]) ?? { action: "continue" },
});
`;
const source = readFileSync(repo("test/fixtures/extensions/python-guard/main.py"), "utf8");
const PYTHON = source.replace(
  /def handle\(event\):\n(?:.+\n)+/,
  `ANSWERS = json.loads(${JSON.stringify(JSON.stringify(ANSWERS))})


def handle(event):
    if event["tool_name"] is None and event["data"] in ANSWERS:
        return ANSWERS[event["data"]]
    return {"action": "continue"}
`,
);

const languages = [
  { language: "Node", command: "node", file: "main.mjs", text: NODE, isThere: true },
  {
    language: "Python",
    command: "python3",
    file: "main.py",
    text: PYTHON,
    isThere: spawnSync("python3", ["--version"]).status === 0,
  },
];

describe.each(languages)("an extension in $language", ({ command, file, text, isThere }) => {
  it.runIf(isThere)("decides how an operation runs, counted by the operation itself", async () => {
    const folder = tempDir();
    const permissions = ["tools.intercept"];
    const hooks = [{ hook: "work.before" }];
    const extension = { runtime: "process", command, args: [file], permissions, hooks };
    writeExtension(folder, "decides", { protocol_version: 1, ...extension }, { [file]: text });
    const { host } = await startedHost([folder], { catalogs: [synapsCatalog, catalog] });
    const perform = async (data: string): Promise<unknown> => {
      const ran: JsonValue[] = [];
      const event = { data } as never;
      const result = await host.intercept(
        { before: "work.before" } as never,
        event,
        (input, { target, attempt }) => {
          ran.push(target === undefined ? input : [input, target]);
          if (input === "again" && attempt === 1) throw new Error("not yet");
          return `did ${String(input)}`;
        },
      );
      return { ran, output: "output" in result ? result.output : undefined };
    };
    expect(await perform("plain")).toEqual({ ran: ["plain"], output: "did plain" });
    expect(await perform("stop")).toEqual({ ran: [], output: undefined });
    expect(await perform("change")).toEqual({ ran: ["changed"], output: "did changed" });
    expect(await perform("given")).toEqual({ ran: [], output: "given" });
    expect(await perform("leave")).toEqual({ ran: [], output: null });
    expect(await perform("known")).toEqual({ ran: [], output: '{"n":1}' });
    expect(await perform("keep")).toEqual({ ran: ["keep"], output: "did keep" });
    expect(await perform("keep")).toEqual({ ran: [], output: "did keep" });
    expect(await perform("elsewhere")).toEqual({ ran: [["elsewhere", "there"]], output: "did elsewhere" });
    expect(await perform("again")).toEqual({ ran: ["again", "again"], output: "did again" });
    expect(await perform("split")).toEqual({ ran: ["one", "two"], output: '["did one","did two"]' });
  });
});
