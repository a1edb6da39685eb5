import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { verifies } from "../../../requirements/verifies.js";
import { answer, asking, FLOW, modelHost, text, uses, WHOLE } from "./support.js";

const hello = asking(WHOLE, answer(text("hello")));
const LOCAL = "offers-models:local";

function trustFile(baseDir: string, content?: string): string {
  const path = join(baseDir, "extensions", "trust.json");
  mkdirSync(join(baseDir, "extensions"), { recursive: true });
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

describe("a provider that the user switched off", () => {
  it(verifies("PROV-003", "PROV-005") + "gets nothing, and one line in the audit file says so", async () => {
    const { host, baseDir, asked, audit } = await modelHost();
    trustFile(baseDir, JSON.stringify({ disabled: { [LOCAL]: { disabled: true, reason: "too dear" } } }));
    await expect(host.providers.complete(hello)).rejects.toMatchObject({
      code: "PROVIDER_DISABLED",
      message: `Provider '${LOCAL}' is disabled by user trust settings (too dear)`,
    });
    await expect(host.providers.stream(asking(FLOW, {})).result).rejects.toMatchObject({
      code: "PROVIDER_DISABLED",
    });
    expect(asked()).toEqual([]);
    expect((await host.providers.list()).map(({ disabled }) => disabled)).toEqual([false, true]);
    expect(
      await host.providers.complete(asking("offers-models:another:only", answer(text("x")))),
    ).toMatchObject({
      text: "x",
    });
    const line = {
      plugin_id: "offers-models",
      provider_id: "local",
      outcome: "blocked",
      error_class: "trust_disabled",
    };
    expect(await audit()).toMatchObject([
      { ...line, model_id: "whole", streamed: false },
      { ...line, model_id: "flow", streamed: true },
      { provider_id: "another", outcome: "ok" },
    ]);
  });

  it(
    verifies("PROV-032") + "is switched off and on by the program, in a file that is the user's alone",
    async () => {
      const { host, baseDir } = await modelHost();
      const path = trustFile(baseDir, JSON.stringify({ disabled: { other: { disabled: true } }, mine: 1 }));
      await Promise.all([host.providers.disable(LOCAL, "why not"), host.providers.disable("x:y")]);
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
        disabled: {
          other: { disabled: true },
          [LOCAL]: { disabled: true, reason: "why not" },
          "x:y": { disabled: true },
        },
        mine: 1,
      });
      if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
      await expect(host.providers.complete(hello)).rejects.toMatchObject({ code: "PROVIDER_DISABLED" });
      await host.providers.enable(LOCAL);
      expect(await host.providers.complete(hello)).toMatchObject({ text: "hello" });
    },
  );

  it(verifies("PROV-032") + "is not asked again when it is switched off between two turns", async () => {
    const { host, asked } = await modelHost();
    const off = {
      name: "off",
      description: "Switches it off",
      inputSchema: { type: "object" },
      run: async () => {
        await host.providers.disable(LOCAL);
        return "off";
      },
    };
    const request = asking(WHOLE, answer(uses("off")), answer(text("x")));
    await expect(host.providers.complete(request, { ownTools: [off] })).rejects.toMatchObject({
      code: "PROVIDER_DISABLED",
    });
    expect(asked()).toHaveLength(1);
  });
});

it.each([
  ["no JSON", "{"],
  ["another shape", '{"disabled": []}'],
  ["an entry without a switch", `{"disabled": {"${LOCAL}": {}}}`],
])(
  verifies("PROV-033") + "a trust file with %s closes all providers, is audited and never overwritten",
  async (_what, content) => {
    const { host, baseDir, asked, audit } = await modelHost();
    const path = trustFile(baseDir, content);
    const unreadable = { code: "TRUST_UNREADABLE", message: expect.stringContaining(path) as unknown };
    await expect(host.providers.complete(hello)).rejects.toMatchObject(unreadable);
    await expect(host.providers.enable(LOCAL)).rejects.toMatchObject(unreadable);
    expect((await host.providers.list()).map(({ disabled }) => disabled)).toEqual([true, true]);
    expect(asked()).toEqual([]);
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(await audit()).toMatchObject([{ outcome: "blocked", error_class: "trust_unreadable" }]);
  },
);

it(
  verifies("PROV-034") +
    "the audit file has a line for each route: who, how many tools, how it ended, never with what",
  async () => {
    const { host, baseDir, audit } = await modelHost({ withTools: true });
    const secret = "s3cr3t";
    await host.providers.complete(
      asking(
        WHOLE,
        answer(uses("offers-tools_echo", { text: secret }), uses("nothing", {}, "b")),
        answer(text(secret)),
      ),
      { extensionTools: ["offers-tools:echo"] },
    );
    await host.providers.stream(asking(FLOW, { events: [uses("x")] })).result;
    await host.providers.complete(asking(WHOLE, { error: { code: 1, message: secret } })).catch(() => {});
    await host.providers.complete(hello, { signal: AbortSignal.abort() }).catch(() => {});
    const base = {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
      plugin_id: "offers-models",
      provider_id: "local",
    };
    const whole = { ...base, model_id: "whole", streamed: false };
    const lines = [
      { ...whole, tools_exposed: 1, tools_requested: 2, outcome: "ok" },
      { ...base, model_id: "flow", streamed: true, tools_exposed: 0, tools_requested: 1, outcome: "ok" },
      { ...whole, tools_exposed: 0, tools_requested: 0, outcome: "error", error_class: "provider_error" },
      { ...whole, tools_exposed: 0, tools_requested: 0, outcome: "error", error_class: "canceled" },
    ];
    expect(await audit()).toEqual(lines);
    expect(await host.providers.auditTail(2)).toEqual(lines.slice(2));
    expect(readFileSync(join(baseDir, "extensions", "audit.jsonl"), "utf8")).not.toContain(secret);
  },
);

it(verifies("PROV-035") + "a provider that may ask for tools is warned of when it is loaded", async () => {
  const { host, log } = await modelHost();
  const message = `Provider '${LOCAL}' may ask for tools to be run: whole, flow`;
  expect(statusOf(host, "offers-models").diagnostics).toMatchObject([
    {
      severity: "warning",
      code: "PROVIDER_USES_TOOLS",
      message,
      hint: expect.stringContaining("trust.json") as unknown,
    },
  ]);
  expect(log.filter((line) => line.message === message)).toHaveLength(1);
});

it(
  verifies("PROV-036") + "an output that was replaced leaves a line with both lengths, and nothing else does",
  async () => {
    const { host, baseDir } = await modelHost({ withTools: true });
    host.subscribe("after_tool_call", () => ({ action: "replace", output: "***" }), { id: "first" });
    host.subscribe("after_tool_call", () => ({ action: "replace", output: "*" }), { id: "second" });
    const off = host.subscribe("after_tool_call", () => undefined);
    await host.tools.call("offers-tools:echo", { text: "s3cr3t" });
    off();
    await host.stop();
    const path = join(baseDir, "extensions", "intercept.jsonl");
    const lines = readFileSync(path, "utf8").trim().split("\n");
    const base = { hook: "after_tool_call", tool_name: "offers-tools_echo", action: "replace" };
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { ...base, plugin_id: "first", observed_len: 6, replacement_len: 3 },
      { ...base, plugin_id: "second", observed_len: 3, replacement_len: 1 },
    ]);
    const quiet = await modelHost({ withTools: true });
    await quiet.host.tools.call("offers-tools:echo", { text: "x" });
    await quiet.host.stop();
    expect(existsSync(join(quiet.baseDir, "extensions", "intercept.jsonl"))).toBe(false);
  },
);
