import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir, writeJson } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, inState, statusOf, told, variant } from "./support/fixture.js";

const SECRET = "sk-canary-4711";

/** Every file below some folders that holds a text. */
function filesWith(text: string, ...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile() && readFileSync(path, "utf8").includes(text)),
  );
}

it(verifies("CFG-011", "E2E-011") + "values of all sources reach the process in initialize", async () => {
  const [folder, baseDir, projectDir] = [tempDir(), tempDir(), tempDir()];
  mkdirSync(join(projectDir, ".git"));
  writeJson(join(baseDir, "plugins", "tells-itself", "config"), "file = from file\noverride = hidden\n");
  writeJson(
    join(baseDir, "config"),
    "extension.tells-itself.legacy = from global\nextension.other.legacy = no\n",
  );
  const config = [
    { key: "root", host_context: "project_root" },
    { key: "override", default: "hidden" },
    { key: "secret", secret_env: "MY_SECRET" },
    { key: "file" },
    { key: "legacy" },
    { key: "fallback", type: "number", default: { a: [1, true] } },
    { key: "absent" },
  ];
  variant(folder, "tells-itself", { extension: { config } });
  const env = { ...process.env, MY_SECRET: SECRET, SYNAPS_EXTENSION_TELLS_ITSELF_OVERRIDE: "from override" };
  const { host } = await startedHost([folder], { baseDir, projectDir, env });
  const { initialize, env: childEnv } = told(await host.emit(call()));
  expect(initialize).toEqual({
    synaps_version: expect.any(String),
    extension_protocol_version: 1,
    plugin_id: "tells-itself",
    plugin_root: join(folder, "tells-itself"),
    config: {
      root: realpathSync(projectDir),
      override: "from override",
      secret: SECRET,
      file: "from file",
      legacy: "from global",
      fallback: { a: [1, true] },
    },
  });
  expect(JSON.stringify(childEnv)).not.toContain(SECRET);
});

it(verifies("CFG-012", "E2E-012") + "a missing required value fails before anything is started", async () => {
  const folder = tempDir();
  const marker = join(tempDir(), "started");
  variant(folder, "echoes-votes", {
    extension: {
      command: "touch",
      args: [marker],
      config: [{ key: "token", required: true, secret_env: "MY_TOKEN" }],
    },
  });
  const { host } = await startedHost([folder]);
  expect(statusOf(host, "echoes-votes")).toMatchObject({
    state: "invalid",
    process: undefined,
    diagnostics: [
      {
        code: "CONFIG_MISSING",
        file: join(folder, "echoes-votes", ".synaps-plugin", "plugin.json"),
        pointer: "/extension/config/0",
        message: "Extension 'echoes-votes' is missing required config 'token'",
        hint: expect.stringContaining("Set MY_TOKEN or SYNAPS_EXTENSION_ECHOES_VOTES_TOKEN"),
      },
    ],
  });
  expect(() => statSync(marker)).toThrow("ENOENT");
});

it(
  verifies("CFG-013", "E2E-013") + "a secret survives a restart, and stands in no file, log, trace or status",
  async () => {
    const [folder, baseDir] = [tempDir(), tempDir()];
    variant(folder, "exits-on-event", {
      args: ["on-request"],
      extension: { config: [{ key: "secret", secret_env: "MY_SECRET", required: true }] },
    });
    const env = { ...process.env, MY_SECRET: SECRET, SYNAPS_EXTENSIONS_TRACE: "1" };
    const { host, log, trace } = await startedHost([folder], { baseDir, env });
    const first = told(await host.emit(call()));
    expect(first["config"]).toEqual({ secret: SECRET });
    await host.emit(call({ exit: true }));
    await inState(host, "exits-on-event", "degraded");
    const second = told(await host.emit(call()));
    expect(second["config"]).toEqual({ secret: SECRET });
    expect(second["pid"]).not.toBe(first["pid"]);
    expect(filesWith(SECRET, folder, baseDir)).toEqual([]);
    expect(JSON.stringify([log, trace, host.snapshot()])).not.toContain(SECRET);
  },
);

it(
  verifies("CFG-014") + "a configuration file that cannot be read is that extension's error alone",
  async () => {
    const [folder, baseDir] = [tempDir(), tempDir()];
    mkdirSync(join(baseDir, "plugins", "echoes-votes", "config"), { recursive: true });
    // No default can stand for a value that has to be there.
    variant(folder, "echoes-votes", { extension: { config: [{ key: "token", required: true }] } });
    variant(folder, "tells-itself");
    const { host } = await startedHost([folder], { baseDir });
    expect(statusOf(host, "echoes-votes")).toMatchObject({
      state: "invalid",
      diagnostics: [{ code: "CONFIG_UNREADABLE" }],
    });
    expect(statusOf(host, "tells-itself").state).toBe("running");
  },
);
