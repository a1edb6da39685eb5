import { spawnSync } from "node:child_process";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { events, eventsOf, spawnHarness } from "@synaps/sdk/testing";
import { describe, expect, it } from "vitest";
import { SDK_FIXTURES, spawnFixture } from "../../helpers/sdk-children.js";

const event = events.before_message({ message: "hello" });
const node = { command: process.execPath, cwd: SDK_FIXTURES };

describe("spawnHarness", () => {
  it("takes id and root from the folder, as a host does", async () => {
    const child = await spawnFixture("counts.mjs");
    expect(child.stderr).toContain("started as fixtures with env\n");
    expect(child.initialized).toMatchObject({ protocol_version: 3 });
    expect(await child.send(event)).toEqual({ action: "inject", content: "message 1" });
    expect([await child.stop(), await child.stop(), await child.exited]).toEqual(
      Array(3).fill({ code: 0, signal: null }),
    );
  });

  it("gives the child the environment that a host gives, and what the options add", async () => {
    const child = await spawnFixture("counts.mjs", { env: { SAMPLE_TOKEN: "x" } });
    const names = (await child.callTool("environment", null)) as string[];
    expect(names).toContain("PATH");
    expect(names).toContain("SAMPLE_TOKEN");
    expect(names).not.toContain("NODE_ENV");
  });

  it("rejects what waits when the child ends, with how it ended and what it said", async () => {
    const child = await spawnFixture("counts.mjs");
    await expect(child.callTool("exit", null)).rejects.toThrow(
      /ended with code 7\n(.*\n)?started as fixtures/,
    );
    await expect(child.send(event)).rejects.toThrow("ended with code 7");
    expect(await child.exited).toEqual({ code: 7, signal: null });
    expect(await child.stop()).toEqual({ code: 7, signal: null });
  });

  it.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
    "runs programs in other languages, and shows what they print (needs python3)",
    async () => {
      const child = await spawnFixture("plain.py", { command: "python3", protocolVersion: 2 });
      expect(await child.send(event)).toEqual({ action: "inject", content: "from python" });
      expect(child.strayBytes).toBe("python is loading\n".length);
      expect(await child.stop()).toEqual({ code: 3, signal: null });
    },
  );

  it("checks answers against the catalogs that it was given", async () => {
    const gateway = await spawnFixture("injects.mjs", { catalogs: [gatewayCatalog] });
    const login = eventsOf(gatewayCatalog)["gateway.auth_success"]({
      data: { peer_addr: "x", method: "totp" },
    });
    await expect(gateway.send(login)).rejects.toThrow(
      "gateway.auth_success does not allow 'inject' (allowed: continue, block, modify): a host ignores it",
    );
    const unknown = await spawnFixture("injects.mjs");
    expect(await unknown.send(login)).toEqual({ action: "inject", content: "hi" });
  });

  it("rejects when nobody answers in time, and leaves no child behind", async () => {
    await expect(spawnHarness({ ...node, args: ["never-answers.mjs"], handshakeMs: 20 })).rejects.toThrow(
      /no answer to initialize within 20 ms$/,
    );
  });

  it("rejects an answer for another version", async () => {
    await expect(spawnHarness({ ...node, args: ["speaks-badly.mjs"] })).rejects.toThrow(
      "the extension answered for protocol 2, not for 3",
    );
  });

  it("rejects a program that does not exist or ends at once", async () => {
    await expect(spawnHarness({ command: "./no-such-program" })).rejects.toThrow(
      /\.\/no-such-program: spawn .*ENOENT/,
    );
    await expect(
      spawnHarness({ ...node, args: ["-e", "console.error('no luck'); process.exit(4)"] }),
    ).rejects.toThrow(/ended with code 4\nno luck/);
  });

  it("ends a child that does not want to", async () => {
    const child = await spawnFixture("stop-hangs.mjs", { stopMs: 30 });
    expect(await child.stop()).toEqual({ code: null, signal: "SIGKILL" });
  });
});
