import type { Host } from "@synaps/host";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { ECHO, late } from "../../helpers/late.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { answer, asking, text, uses, WHOLE } from "../../host/surfaces/providers/support.js";
import { variant } from "../host/support/fixture.js";

/** Names of tools that other systems let run beside their hooks, and some odd ones. */
const NAMES = [
  "secrets_get",
  "secrets_store",
  "skill_load",
  "gateway",
  "execute_command",
  "constructor",
  "_",
  "A-1",
];

const VAULT = `import { defineExtension, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
const tool = (name) => ({ description: "x", input_schema: { type: "object" }, run: () => "ran " + name });
const names = ${JSON.stringify(NAMES)};
serve(defineExtension({ tools: Object.fromEntries(names.map((name) => [name, tool(name)])) }));`;

async function withTools() {
  const folder = tempDir();
  const section = {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    args: ["main.mjs"],
    permissions: ["tools.register"],
    hooks: [],
  };
  const commands = NAMES.map((tool, n) => ({ name: `run-${n}`, tool }));
  const manifest = JSON.stringify({ name: "vault", commands, extension: section });
  writeExtension(folder, "vault", manifest, { "main.mjs": VAULT });
  variant(folder, "offers-models", { args: [tempDir()] });
  const { host } = await startedHost([folder, late().folder]);
  const asked: string[] = [];
  const note = (when: string) => (event: { tool_name: string | null; tool_runtime_name: string | null }) =>
    void asked.push(`${when} ${event.tool_runtime_name ?? event.tool_name}`);
  host.subscribe("before_tool_call", note("before"));
  host.subscribe("after_tool_call", note("after"));
  return { host: host as Host, asked };
}

const around = (names: readonly string[]): string[] =>
  names.flatMap((name) => [`before ${name}`, `after ${name}`]);

it("defect 4: no tool runs beside the hooks, whatever its name and whoever calls it", async () => {
  const { host, asked } = await withTools();
  const all = NAMES.map((name) => `vault:${name}`);
  const seen = (): string[] => asked.splice(0);

  for (const name of all) expect(await host.tools.call(name)).toMatchObject({ status: "ok" });
  expect(seen(), "called by the program").toEqual(around(all));

  for (const { name, apiName } of host.tools.list().filter(({ extension }) => extension === "vault")) {
    await host.tools.call(apiName);
    expect(seen(), "called by the name that models know").toEqual(around([name]));
  }

  for (const n of NAMES.keys())
    expect(await host.commands.invoke(`run-${n}`)).toMatchObject({ status: "done" });
  expect(seen(), "called by a command").toEqual(around(all));

  const own = { name: "secrets_own", description: "x", inputSchema: { type: "object" }, run: () => "own" };
  const wanted = [...all.map((name) => host.tools.find(name).apiName), "secrets_own"];
  const turn = answer(...wanted.map((name, n) => uses(name, {}, `t-${n}`)));
  const completion = await host.providers.complete(asking(WHOLE, turn, answer(text("done"))), {
    extensionTools: true,
    ownTools: [own as never],
  });
  expect(completion.ranTools.filter(({ isError }) => !isError)).toHaveLength(wanted.length);
  expect(seen(), "asked for by a model").toEqual(around([...all, "secrets_own"]));

  await host.tools.call("late:echo", {}, { sessionId: "s" });
  expect(seen(), "started by its call").toEqual(around(["late:echo"]));
  const lease = { session: "s", extension: "late", tool: ECHO.name, input: {} };
  expect(await host.leases.execute(lease)).toMatchObject({ ok: true });
  expect(seen(), "called through a lease").toEqual(around(["late:echo"]));
});

it("defect 4: a hook keeps each of them from running, and takes out what they return", async () => {
  const { host } = await withTools();
  const lease = { session: "s", extension: "late", tool: ECHO.name, input: {} };
  host.leases.grant("s", "late", ECHO.name);
  const stop = host.subscribe("after_tool_call", () => ({ action: "replace", output: "[taken out]" }));
  expect(await host.tools.call("vault:secrets_get")).toMatchObject({ content: "[taken out]" });
  expect(await host.leases.execute(lease)).toEqual({ ok: true, result: "[taken out]" });
  stop();
  host.subscribe("before_tool_call", () => ({ action: "block", reason: "not today" }));
  for (const name of NAMES)
    expect(await host.tools.call(`vault:${name}`)).toMatchObject({ status: "blocked", content: "not today" });
  expect(await host.leases.execute(lease)).toEqual({
    ok: false,
    reason: "blocked",
    message: "a hook or the user said no, or could not be asked: not today",
    revoked: false,
  });
});
