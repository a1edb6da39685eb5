import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { approveCode, collectInventory, consentRecord, setDisabled, settingsOf } from "@synaps/host/tooling";
import { describe, expect, it } from "vitest";
import { testHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, statusOf, variant, votes } from "./support/fixture.js";

const GUARD = {
  permissions: ["tools.intercept", "hooks.fail_closed"],
  hooks: [{ hook: "before_tool_call", on_failure: "closed", timeout_ms: 30_000 }],
};

interface Home {
  baseDir: string;
  projectDir: string;
  root: string;
}

function home(origin: "user" | "project", extension: Record<string, unknown> = {}): Home {
  const [baseDir, projectDir] = [tempDir(), tempDir()];
  const parent = origin === "user" ? join(baseDir, "plugins") : join(projectDir, ".synaps", "plugins");
  const root = variant(parent, "echoes-votes", { id: "guard", extension: { ...GUARD, ...extension } });
  return { baseDir, projectDir, root };
}

async function start({ baseDir, projectDir }: Home) {
  const made = testHost({ baseDir, projectDir });
  await made.host.start();
  return made;
}

async function approve({ baseDir, projectDir }: Home): Promise<void> {
  const [found] = await collectInventory({ ...settingsOf({ baseDir, projectDir }), nowMs: Date.now() });
  if (!found?.extension || !found.coverage) throw new Error("there is nothing to approve");
  await approveCode(baseDir, consentRecord(found.extension, found.coverage.hash, 0), found.coverage);
}

const manifestOf = ({ root }: Home): string => join(root, ".synaps-plugin", "plugin.json");

describe("a closed guard that was approved once and cannot be loaded", () => {
  const spoilt: [string, (one: Home) => void][] = [
    ["whose manifest is no JSON", (one) => writeFileSync(manifestOf(one), "{")],
    ["whose manifest breaks a rule", (one) => writeFileSync(manifestOf(one), '{"extension":{"hooks":3}}')],
    [
      "whose manifest declares no extension any more",
      (one) => writeFileSync(manifestOf(one), '{"name":"guard"}'),
    ],
    ["whose manifest is a folder", (one) => (rmSync(manifestOf(one)), mkdirSync(manifestOf(one)))],
    [
      "whose folder is a link that leads nowhere",
      ({ root }) => (rmSync(root, { recursive: true }), symlinkSync("/nowhere/at/all", root)),
    ],
    [
      "whose configuration is no text",
      ({ root }) => writeFileSync(join(root, "config"), Buffer.from([0xff, 0, 0xff])),
    ],
    [
      "whose manifest is larger than 1 MiB",
      (one) => writeFileSync(manifestOf(one), " ".repeat(1024 * 1024 + 1)),
    ],
  ];
  it.each(spoilt)(verifies("TRUST-007") + "%s blocks, and says why", async (_, spoil) => {
    const one = home("user");
    await (await start(one)).host.stop();
    spoil(one);
    const { host, log } = await start(one);
    const outcome = await host.emit(call("x"));
    const [failure] = host.loadResult.failed;
    expect(outcome.action).toBe("block");
    expect(outcome.votes).toMatchObject([
      { extension: "guard", status: "abstained", reason: "failed", detail: failure?.reason },
    ]);
    expect(log.some(({ level, message }) => level === "error" && message === failure?.reason)).toBe(true);
    expect(statusOf(host, "guard")).toMatchObject({ state: "invalid", hooks: ["before_tool_call"] });
    const absent = statusOf(host, "guard").diagnostics.find(({ code }) => code === "GUARD_ABSENT");
    expect(absent?.message).toMatch(/cannot run: it blocks before_tool_call$/);
    expect(log.some(({ level, message }) => level === "warn" && message === absent?.message)).toBe(true);
    await host.unload("guard");
    expect(await host.emit(call("x"))).toMatchObject({ action: "continue", votes: [] });
  });

  it.skipIf(process.getuid?.() === 0)(
    verifies("TRUST-007") + "that may not be read blocks, too",
    async () => {
      const one = home("user");
      await (await start(one)).host.stop();
      chmodSync(join(one.root, ".synaps-plugin"), 0);
      const { host } = await start(one);
      expect((await host.emit(call("x"))).action).toBe("block");
      chmodSync(join(one.root, ".synaps-plugin"), 0o755);
    },
  );

  it(
    verifies("TRUST-007") + "of a project whose code changed blocks until it is approved again",
    async () => {
      const one = home("project");
      await approve(one);
      await (await start(one)).host.stop();
      writeFileSync(join(one.root, "more.js"), "");
      const { host } = await start(one);
      expect((await host.emit(call("x"))).action).toBe("block");
      expect(statusOf(host, "guard").state).toBe("pending_consent");
      await approve(one);
      await host.reload("guard");
      expect(votes(await host.emit(call("x")))).toEqual(["guard: continue"]);
      expect(host.handlerCount("before_tool_call")).toBe(1);
    },
  );

  it(verifies("TRUST-007") + "blocks no more once the user switched it off", async () => {
    const one = home("user");
    await (await start(one)).host.stop();
    writeFileSync(manifestOf(one), "{");
    await setDisabled(one.baseDir, "guard", true);
    const { host } = await start(one);
    expect(await host.emit(call("x"))).toMatchObject({ action: "continue", votes: [] });
  });

  it(verifies("TRUST-007") + "keeps the filter that was approved", async () => {
    const one = home("user", { hooks: [{ ...GUARD.hooks[0], tool: "other" }] });
    await (await start(one)).host.stop();
    writeFileSync(manifestOf(one), "{");
    const { host } = await start(one);
    expect((await host.emit(call("x"))).action).toBe("continue");
    expect((await host.emit({ ...call("x"), tool_name: "other" })).action).toBe("block");
  });
});

it(
  verifies("TRUST-007") + "a guard in a named folder counts as approved from its first start on",
  async () => {
    const [baseDir, folder] = [tempDir(), tempDir()];
    const root = variant(folder, "echoes-votes", { id: "guard", extension: GUARD });
    const first = testHost({ baseDir, folders: [folder] });
    await first.host.start();
    await first.host.stop();
    writeFileSync(join(root, ".synaps-plugin", "plugin.json"), "{");
    const { host } = testHost({ baseDir, folders: [folder] });
    await host.start();
    expect((await host.emit(call("x"))).action).toBe("block");
  },
);

it(
  verifies("TRUST-008") + "a project's guard that was never approved blocks nothing, and is named",
  async () => {
    const one = home("project");
    const { host } = await start(one);
    expect(await host.emit(call("x"))).toMatchObject({ action: "continue", votes: [] });
    expect(host.loadResult.failed).toMatchObject([{ extension: "guard", code: "CONSENT_PENDING" }]);
  },
);
