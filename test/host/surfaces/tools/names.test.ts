import { expect, it } from "vitest";
import { inState, statusOf, variant } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { declared, toolHost } from "./support.js";
import { repo } from "../../../helpers/paths.js";

const SECTION = {
  protocol_version: 1,
  runtime: "process",
  command: "node",
  permissions: ["tools.register"],
  hooks: [],
};

it(
  verifies("TOOL-011") +
    "of two tools with one API name the one loaded later is left out with a warning, whoever starts first",
  async () => {
    const folder = tempDir();
    const main = repo("test/fixtures/extensions/offers-tools/main.mjs");
    const offers = (id: string, tools: readonly object[]): string =>
      writeExtension(folder, id, { ...SECTION, args: [main, tempDir(), JSON.stringify(tools)] });
    offers("a", [declared("b_echo")]);
    offers("a_b", [declared("echo"), declared("other")]);
    const { host, log } = await startedHost([folder]);
    await until("both run", () => host.snapshot().extensions.every(({ state }) => state === "running"));
    expect(host.tools.list().map(({ name }) => name)).toEqual(["a:b_echo", "a_b:other"]);
    expect(host.tools.get("a_b_echo")?.name).toBe("a:b_echo");
    expect(statusOf(host, "a_b").diagnostics).toMatchObject([
      {
        severity: "warning",
        code: "TOOL_NAME_TAKEN",
        message: "The tool 'a_b:echo' is not offered: 'a:b_echo' has its name 'a_b_echo' already",
      },
    ]);
    expect(log.filter(({ fields }) => fields["code"] === "TOOL_NAME_TAKEN")).toHaveLength(1);
    await expect(host.tools.call("a_b:echo")).rejects.toMatchObject({ code: "TOOL_NOT_FOUND" });
  },
);

it(
  verifies("TOOL-012") + "tools go with their extension, and wait for one that is being restarted",
  async () => {
    const { host } = await toolHost(
      {},
      { limits: { restartBaseMs: 200, restartCapMs: 400 }, random: () => 1 },
    );
    await host.tools.call("offers-tools:exits");
    await inState(host, "offers-tools", "restarting");
    expect(host.tools.list()).toHaveLength(8);
    expect(await host.tools.call("offers-tools:echo", { text: "after" })).toMatchObject({ content: "after" });
    await host.stop();
    expect(host.tools.list()).toEqual([]);
    await expect(host.tools.call("offers-tools:echo", { text: "x" })).rejects.toMatchObject({
      code: "HOST_STOPPED",
    });
  },
);

it(
  verifies("TOOL-012") +
    "a restart declares anew: what is wrong then fails the restart, what is gone is gone",
  async () => {
    const folder = tempDir();
    const state = tempDir();
    variant(folder, "declares-by-turn", { args: [state] });
    const { host } = await startedHost([folder], { limits: { restartAttempts: 1 } });
    expect(host.tools.list().map(({ tool }) => tool)).toEqual(["first", "leave"]);
    await host.tools.call("declares-by-turn:leave");
    await inState(host, "declares-by-turn", "degraded");
    expect(host.tools.list().map(({ tool }) => tool)).toEqual(["leave", "second"]);
    await host.tools.call("declares-by-turn:leave");
    await inState(host, "declares-by-turn", "failed");
    expect(host.tools.list()).toEqual([]);
    expect(statusOf(host, "declares-by-turn").process?.reason).toContain("tool name must not be empty");
  },
);

it(verifies("TOOL-012") + "an extension that is unloaded takes its tools along", async () => {
  const { host } = await toolHost();
  expect(host.tools.list()).toHaveLength(8);
  await host.unload("offers-tools");
  expect(host.tools.list()).toEqual([]);
});
