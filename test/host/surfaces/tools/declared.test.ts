import { expect, it } from "vitest";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { repo } from "../../../helpers/paths.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";
import { declared } from "./support.js";

const MAIN = repo("test/fixtures/extensions/offers-tools/main.mjs");

/** A host with one extension that declares these tools. */
async function offering(tools: readonly object[] | number, id = "many"): ReturnType<typeof startedHost> {
  const folder = tempDir();
  writeExtension(folder, id, {
    protocol_version: 1,
    runtime: "process",
    command: "node",
    args: [MAIN, tempDir(), JSON.stringify(tools)],
    permissions: ["tools.register"],
    hooks: [],
  });
  return startedHost([folder]);
}

it(verifies("TOOL-023") + "every API name fits, is its own, and leads back to its tool", async () => {
  const long = "b".repeat(64);
  const names = [
    "plain",
    long,
    `${long.slice(1)}c`,
    "päöü.tool!",
    "päöü.tool?",
    "caf\u00e9",
    "cafe\u0301",
    "Plain",
  ];
  const { host } = await offering(
    names.map((name) => declared(name)),
    "x".repeat(40),
  );
  const tools = host.tools.list();
  expect(tools).toHaveLength(names.length);
  for (const { apiName, name } of tools) {
    expect(apiName).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(host.tools.get(apiName)?.name).toBe(name);
  }
  expect(new Set(tools.map(({ apiName }) => apiName.toLowerCase().normalize())).size).toBe(names.length - 1);
  expect(host.tools.get(`${"x".repeat(40)}_plain`)?.tool).toBe("plain");
  const dotted = tools.find(({ tool }) => tool === "päöü.tool!");
  // The same at every start, or a conversation that goes on tomorrow would name a tool that is not there.
  expect(dotted?.apiName).toMatch(/^x{40}_p____tool__[0-9a-f]{8}$/);
  const again = await offering(
    names.map((name) => declared(name)),
    "x".repeat(40),
  );
  expect(again.host.tools.list().map(({ apiName }) => apiName)).toEqual(tools.map(({ apiName }) => apiName));
});

it(verifies("TOOL-023") + "names that look the same are offered and named in the status", async () => {
  const { host } = await offering(["Read", "read", "caf\u00e9", "cafe\u0301"].map((name) => declared(name)));
  expect(host.tools.list()).toHaveLength(4);
  expect(statusOf(host, "many").diagnostics).toMatchObject([
    {
      code: "TOOL_NAMES_ALIKE",
      message: expect.stringContaining("'Read' and 'read', 'caf\u00e9' and 'cafe\u0301'"),
    },
  ]);
});

it(verifies("TOOL-021") + "parts of schemas that check nothing are named, once and in short", async () => {
  const mail = { properties: { to: { format: "email" }, x: { $ref: "https://example.org/x.json" } } };
  const { host, log } = await offering([
    declared("plain", { input_schema: { properties: { a: { minLength: 1, "x-hint": "annotation" } } } }),
    ...Array.from({ length: 8 }, (_, n) => declared(`mail${n}`, { input_schema: mail })),
  ]);
  expect(statusOf(host, "many").diagnostics).toMatchObject([
    {
      severity: "warning",
      code: "TOOL_SCHEMA_UNCHECKED",
      message: expect.stringMatching(
        /'mail0': the keyword 'format', the reference 'https:\/\/example\.org\/x\.json'; 'mail1'.*; and 3 more$/,
      ),
    },
  ]);
  expect(log.filter(({ fields }) => fields["code"] === "TOOL_SCHEMA_UNCHECKED")).toHaveLength(1);
});

it(
  verifies("TOOL-024") + "thousands of tools are taken, and too many fail the start with the reason",
  async () => {
    const many = await offering(4_096);
    expect(many.host.tools.list()).toHaveLength(4_096);
    await expect(many.host.tools.call("many:t")).rejects.toMatchObject({
      code: "TOOL_NOT_FOUND",
      hint: expect.stringMatching(/^(Did you mean|Known: .{1,400}…)/),
    });
    const { host } = await offering(20_000);
    expect(host.tools.list()).toEqual([]);
    expect(statusOf(host, "many").process?.reason).toContain(
      "it lists 20000 tools: at most 4096 are allowed",
    );
  },
);
