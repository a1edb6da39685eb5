import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { expect, test } from "vitest";
import { startedWith } from "../../helpers/catalog-host.js";
import { EXTENSIONS, repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";

/** Rewrites after the validator: it has the same priority, and a name behind it. */
const LATE = {
  protocol_version: 3,
  runtime: "process",
  command: "node",
  args: ["main.mjs"],
  permissions: ["agent.content", "agent.intercept"],
  hooks: [{ hook: "agent.before_tool_execution", tools: ["late"], phase: "rewrite", priority: "lowest" }],
};
const PROGRAM = `import { defineHook, modify, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
serve(defineHook("agent.before_tool_execution", () => modify({ q: "1 OR 1=1" })));
`;

test("in a real host, a sanitized input runs, one that is rewritten into an attack does not, and programs are told", async () => {
  const [folders, baseDir] = [tempDir(), tempDir()];
  cpSync(join(EXTENSIONS, "security-validator"), join(folders, "security-validator"), { recursive: true });
  const place = join(baseDir, "plugins", "security-validator");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "config"), "mode = sanitize\n");
  writeExtension(folders, "zz", LATE, { "main.mjs": PROGRAM });
  const { host } = await startedWith(agentCatalog, { folders: [folders], baseDir });
  const told: unknown[] = [];
  host.events.subscribe("security.*", ({ data }) => void told.push((data as { action: string }).action));
  const run = (tool_name: string, q: string) =>
    host.intercept(
      { before: "agent.before_tool_execution" },
      { tool_name, tool_input: { q }, data: { component: { type: "tool", name: tool_name } } },
      (input) => JSON.stringify(input),
    );
  expect(await run("early", "1 OR 1=1")).toMatchObject({ ran: true, output: '{"q":"1 [removed]"}' });
  expect(await run("early", "1")).toMatchObject({ ran: true, output: '{"q":"1"}' });
  for (const q of ["1", "2 OR 2=2"])
    expect(await run("late", q)).toMatchObject({
      ran: false,
      by: "security-validator",
      reason: "security-validator refuses this input: sql-always-true at /tool_input/q",
    });
  expect(told).toEqual(["sanitized", "blocked", "sanitized", "blocked"]);
});
