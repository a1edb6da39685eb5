import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { userInfo } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createHost, defaultBaseDir, nullLogger } from "@synaps/host";
import { collectInventory, settingsOf } from "@synaps/host/tooling";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

describe("the base folder", () => {
  afterEach(() => vi.unstubAllEnvs());

  it(verifies("REC-010") + "is absolute, whatever the environment says", () => {
    const home = userInfo().homedir;
    for (const [named, base] of [
      ["/here", "/here/.synaps-cli"],
      ["", join(home, ".synaps-cli")],
      ["not/absolute", join(home, ".synaps-cli")],
    ] as const) {
      vi.stubEnv("HOME", named);
      expect(defaultBaseDir({})).toBe(base);
      expect(defaultBaseDir({ SYNAPS_BASE_DIR: "" })).toBe(base);
    }
    expect(defaultBaseDir({ SYNAPS_BASE_DIR: "some/where" })).toBe(resolve("some/where"));
    expect(settingsOf({ baseDir: "here" }).baseDir).toBe(resolve("here"));
    expect(() => createHost({ baseDir: 7 as never })).toThrow("'baseDir' must be a text");
  });

  it.runIf(process.platform !== "win32")(
    verifies("REC-010") + "that cannot be one, as a home that is a pipe, is named with a remedy",
    async () => {
      const home = join(tempDir(), "pipe");
      spawnSync("mkfifo", [home]);
      const settings = settingsOf({
        baseDir: join(home, ".synaps-cli"),
        projectExtensions: false,
        logger: nullLogger,
      });
      await expect(collectInventory({ ...settings, nowMs: 0 })).rejects.toMatchObject({
        message: expect.stringContaining("cannot be read: it is not a folder"),
        hint: expect.stringContaining("SYNAPS_BASE_DIR"),
      });
    },
  );

  const nobody = ["--reuid", "54321", "--clear-groups", "--"];
  const maySwitch = spawnSync("setpriv", [...nobody, "true"]).status === 0;

  it.runIf(maySwitch)(verifies("REC-010") + "that nobody names is asked for in plain words", () => {
    const cli = repo("packages/cli/bin/synaps-ext.js");
    const list = (env: Record<string, string>): string => {
      const options = {
        encoding: "utf8",
        cwd: "/",
        env: { PATH: process.env["PATH"] ?? "", ...env },
      } as const;
      return spawnSync("setpriv", [...nobody, process.execPath, cli, "list"], options).stderr;
    };
    for (const env of [{}, { HOME: "" }, { HOME: "here" }])
      expect(list(env)).toMatch(/^error: There is no folder for extensions .*\nhint: Set SYNAPS_BASE_DIR/);
    expect(list({ SYNAPS_BASE_DIR: "/nowhere" })).toMatch(/^No extensions found/);
  });
});
