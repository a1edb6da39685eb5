import { dirname, join } from "node:path";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { authorFolder, manifestFor } from "../../helpers/author-program.js";
import { startedHost } from "../../helpers/hosts.js";

const WRITES = `import { appendFileSync } from "node:fs";
import { defineExtension, serve } from "@synaps/sdk";
serve(defineExtension({ hooks: { on_decision: ({ data, meta, tool_name }) => {
  appendFileSync("heard.jsonl", JSON.stringify({ tool_name, joined: meta.tool_call_id, ...data }) + "\\n");
} } }));`;

test("a process is told of decisions about kinds whose permission it has, filtered by tool", async () => {
  const folder = authorFolder({
    ".synaps-plugin/plugin.json": manifestFor([], {
      permissions: ["tools.intercept"],
      hooks: [{ hook: "on_decision", tools: ["ba*"] }],
    }),
    "main.mjs": WRITES,
  });
  const { host } = await startedHost([dirname(folder)]);
  host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }), { id: "guard" });
  const call = { tool_name: "bash", tool_input: { command: "ls" }, tool_call_id: "c-1" };
  await host.intercept({ before: "before_tool_call" }, call, () => "x");
  await host.intercept({ before: "before_tool_call" }, { ...call, tool_name: "read" }, () => "x");
  await host.emit({ kind: "before_message", message: "hi", tool_name: "bash" });
  await host.settled();
  const heard = readFileSync(join(folder, "heard.jsonl"), "utf8").trim().split("\n");
  expect(heard.map((line) => JSON.parse(line))).toMatchObject([
    { stage: "decided", tool_name: "bash", joined: "c-1", decision: "block", decided_by: "guard" },
    { stage: "ended", tool_name: "bash", joined: "c-1", ran: false, stopped_by: "guard" },
  ]);
  expect(heard).toHaveLength(2);
});
