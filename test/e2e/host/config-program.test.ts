import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { ask, asker } from "./support/asks.js";
import { ALL, configKit, get, put } from "./support/config-kit.js";

it(
  verifies("CFG-040") + "the program reads, sets, lists and follows values; shown ones are redacted",
  async () => {
    const { host, path } = await configKit([], { protocol_version: 3 }, "name = Annabel\nfree = 123456\n");
    const { config } = host;
    expect(await config.get("asker", "size")).toBe(3);
    await config.set("asker", "size", 12);
    expect(await config.get("asker", "size")).toBe(12);
    expect(readFileSync(path, "utf8")).toContain("size = 12\n");
    const one = {
      type: null,
      allowed: null,
      required: false,
      secret: false,
      declared: true,
      invalid: false,
      description: null,
    };
    expect(await config.diagnostics("asker")).toEqual({
      entries: [
        { ...one, key: "name", type: "string", source: "plugin_config", shown: "***el" },
        { ...one, key: "size", type: "number", source: "plugin_config", shown: "***" },
        { ...one, key: "loud", type: "bool", source: "missing", shown: null },
        { ...one, key: "secret", source: "secret_env", secret: true, shown: "***4711" },
        { ...one, key: "free", declared: false, source: "plugin_config", shown: "***56" },
      ],
      providerMissing: [],
    });
    await config.set("asker", "size", null);
    expect(await config.get("asker", "size")).toBe(3);
    for (const [key, value] of [
      ["size", "much"],
      ["a.b", "x"],
      ["name", "a\nb"],
    ] as const)
      await expect(config.set("asker", key, value)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await expect(config.get("nobody", "x")).rejects.toMatchObject({ code: "EXTENSION_NOT_FOUND" });
  },
);

it(
  verifies("CFG-041") +
    "a value of the wrong type keeps protocol 3 from starting, and only warns earlier ones",
  async () => {
    const file = "size = secret-canary\n";
    const three = await configKit([], { protocol_version: 3 }, file);
    expect(three.host.snapshot().extensions[0]).toMatchObject({
      state: "invalid",
      diagnostics: [
        {
          severity: "error",
          code: "CONFIG_INVALID",
          pointer: "/extension/config/1",
          message:
            "Config 'size' of extension 'asker' must be a number; what the extension's config file says is not",
        },
      ],
    });
    const one = await configKit([], {}, file);
    expect(one.host.snapshot().extensions[0]).toMatchObject({
      state: "running",
      diagnostics: [{ severity: "warning", code: "CONFIG_INVALID" }],
    });
    expect(await get(one.host, "size")).toEqual({ value: "secret-canary" });
    expect(JSON.stringify([three.host.snapshot(), three.log, one.log])).not.toContain("secret-canary");
    const byDefault = await configKit([], {
      protocol_version: 3,
      config: [{ key: "size", type: "number", default: "x" }],
    });
    expect(byDefault.host.snapshot().extensions[0]?.diagnostics).toMatchObject([
      { code: "CONFIG_INVALID", message: expect.stringContaining("the default in the manifest") },
    ]);
  },
);

it(
  verifies("CFG-042") + "a file that is not text keeps its extension from starting, and stays as it is",
  async () => {
    const baseDir = tempDir();
    const path = join(baseDir, "plugins", "asker", "config");
    const bytes = Buffer.from([0x61, 0x3d, 0xff]);
    put(path, bytes);
    const folder = tempDir();
    asker(folder, []);
    const { host } = await startedHost([folder], { baseDir });
    expect(host.snapshot().extensions[0]).toMatchObject({
      state: "invalid",
      diagnostics: [{ code: "CONFIG_UNREADABLE", message: `The configuration file '${path}' is not text` }],
    });
    expect(readFileSync(path)).toEqual(bytes);
  },
);

it(verifies("CFG-043") + "listeners hear each changed key once, whoever changed it and however", async () => {
  const { host, path } = await configKit(ALL, { protocol_version: 3 }, "name = Ann\n");
  const heard: unknown[] = [];
  const stop = host.config.onChange("asker", (change) => {
    heard.push(change);
    if (change.key === "loud") throw new Error("a listener's own trouble");
  });
  const next = async (change: () => unknown, ...expected: unknown[]): Promise<void> => {
    const before = heard.length;
    await change();
    await expect.poll(() => heard.slice(before), { timeout: 10_000 }).toEqual(expected);
  };
  await next(
    () => put(path, "name = Bob\nsize = 5\nloud = on\n"),
    { key: "loud", value: true },
    { key: "name", value: "Bob" },
    { key: "size", value: 5 },
  );
  await next(
    () => {
      put(`${path}.new`, "name = Bob\nfree = 1\n");
      renameSync(`${path}.new`, path);
    },
    { key: "free", value: "1" },
    { key: "loud", value: null },
    { key: "size", value: 3 },
  );
  await next(() => ask(host, "config.set", { key: "name", value: "Cid" }), { key: "name", value: "Cid" });
  await next(() => host.config.set("asker", "name", "Dan"), { key: "name", value: "Dan" });
  await next(() => rmSync(path), { key: "free", value: null }, { key: "name", value: null });
  await next(() => put(path, "size = x\nname = Eve\n"), { key: "name", value: "Eve" });
  stop();
  await host.config.set("asker", "name", "Fay");
  expect(await host.config.get("asker", "name")).toBe("Fay");
  expect(heard.at(-1)).toEqual({ key: "name", value: "Eve" });
});
