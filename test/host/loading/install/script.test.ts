import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { HostError } from "@synaps/host";
import { collectInventory, planSetup, settingsOf, setUp, type SetupReport } from "@synaps/host/tooling";
import { describe, expect, it } from "vitest";
import { gone } from "../../../e2e/host/support/fixture.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { installed, type Installed } from "./support.js";

const SETUP = { setup: "setup.sh" };

async function run({ root, options }: Installed): Promise<SetupReport> {
  return setUp(await planSetup(root, options), options);
}

/** The entry of the extension in the ecosystem's record. */
function noted(base: string): unknown {
  const path = join(base, "plugins.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

it(
  verifies("INST-020") + "by bash, in the extension's folder, with the environment of extensions",
  async () => {
    const text = `pwd; echo "secret: $MY_SECRET"; [ -n "$BASH_VERSION" ] && echo bash; read x || echo "no input"; echo "$HOME" > made`;
    const one = installed(SETUP, { "setup.sh": text });
    one.options.settings.env = { ...process.env, MY_SECRET: "12345" };
    const lines: string[] = [];
    const report = await run({
      ...one,
      options: { ...one.options, onLine: (line) => void lines.push(line) },
    });
    expect(report).toMatchObject({ did: "script", files: [] });
    expect(lines).toEqual([one.root, "secret: ", "bash", "no input"]);
    expect(readFileSync(join(one.root, "made"), "utf8")).toBe(`${process.env["HOME"]}\n`);
    // A setup that did not fail leaves no trace in another program's file.
    expect(noted(one.base)).toBeUndefined();
  },
);

it(
  verifies("INST-021") + "what it printed stands in a file of its own, without control characters",
  async () => {
    const text = `printf 'one\\n\\033[31mtwo\\033[0m\\n'; echo three >&2; printf 'no end'; printf 'nor here' >&2`;
    const one = installed(SETUP, { "setup.sh": text });
    const { log } = await run(one);
    expect(log).toMatch(new RegExp(`^${join(one.base, "logs", "install")}/tool-\\d{8}T\\d{9}Z\\.log$`));
    const lines = readFileSync(log ?? "", "utf8")
      .trimEnd()
      .split("\n")
      .sort();
    expect(lines).toEqual(["[31mtwo[0m", "no end", "nor here", "one", "three"]);
    expect(statSync(log ?? "").mode & 0o777).toBe(0o600);
  },
);

describe("a script that fails", () => {
  it(
    verifies("INST-022") + "is noted, so that the extension is not loaded until a setup succeeds",
    async () => {
      const one = installed(SETUP, { "setup.sh": "echo 'no compiler' >&2; exit 3" });
      const before = {
        marketplaces: [{ url: "x" }],
        installed: [{ name: "other", setup_status: "ok" }],
        more: 1,
      };
      writeFileSync(join(one.base, "plugins.json"), JSON.stringify(before));
      await expect(run(one)).rejects.toMatchObject({
        code: "SETUP_FAILED",
        message: "The setup of extension 'tool' failed: it ended with code 3; it printed last: no compiler",
        hint: expect.stringMatching(/logs\/install\/tool-.*synaps-ext setup tool/),
      });
      expect(noted(one.base)).toEqual({
        ...before,
        installed: [...before.installed, { name: "tool", setup_status: "failed" }],
      });
      const found = async (): Promise<string[]> => {
        const settings = settingsOf({ baseDir: one.base, projectDir: one.base });
        return (await collectInventory({ ...settings, nowMs: 0 })).map(({ status }) => status);
      };
      expect(await found()).toEqual(["invalid"]);
      writeFileSync(join(one.root, "setup.sh"), "true");
      await run(one);
      expect(noted(one.base)).toEqual({ ...before, installed: [...before.installed, { name: "tool" }] });
      expect(await found()).toEqual(["ready"]);
    },
  );

  it(verifies("INST-022") + "keeps everything else of its own entry", async () => {
    const one = installed(SETUP, { "setup.sh": "exit 1" });
    const entry = { name: "tool", source_url: "https://example.org", installed_at: 7, setup_status: "ok" };
    writeFileSync(join(one.base, "plugins.json"), JSON.stringify({ installed: [entry] }));
    await expect(run(one)).rejects.toMatchObject({ code: "SETUP_FAILED" });
    expect(noted(one.base)).toEqual({ installed: [{ ...entry, setup_status: "failed" }] });
  });

  it.each(["{", "[]", '{"installed":{}}'])(
    verifies("INST-023") + "a record that is %s is named and not overwritten",
    async (text) => {
      const one = installed(SETUP, { "setup.sh": "exit 1" });
      const path = join(one.base, "plugins.json");
      writeFileSync(path, text);
      await expect(run(one)).rejects.toMatchObject({
        code: "SETUP_NOT_RECORDED",
        message: expect.stringContaining(path),
      });
      expect(readFileSync(path, "utf8")).toBe(text);
    },
  );

  it(verifies("INST-024") + "is ended with all that it started when its time is over", async () => {
    const text = "sleep 300 & echo $! > child; trap '' TERM; while :; do sleep 1; done";
    const one = installed(SETUP, { "setup.sh": text }, { limits: { scriptMs: 2_000 } });
    await expect(run(one)).rejects.toMatchObject({
      code: "SETUP_FAILED",
      message: expect.stringContaining("longer than 2000 ms"),
    });
    await gone(Number(readFileSync(join(one.root, "child"), "utf8")));
  });

  it(verifies("INST-024") + "is ended when the caller gives up", async () => {
    const over = new AbortController();
    const text = "echo $$ > self; sleep 300";
    const one = installed(SETUP, { "setup.sh": text }, { signal: over.signal });
    const running = run(one).catch((error: unknown) => error);
    const self = join(one.root, "self");
    await until("it runs", () => existsSync(self) && readFileSync(self, "utf8").trim() !== "");
    over.abort();
    expect(await running).toMatchObject({ code: "SETUP_FAILED" });
    await gone(Number(readFileSync(self, "utf8")));
  });
});

describe("a script that must not be run", () => {
  const outside = (): string => {
    const path = join(tempDir(), "evil.sh");
    writeFileSync(path, "touch made");
    return path;
  };

  it.each([
    ["an absolute path", outside, "not a relative path"],
    ["a path upwards", (): string => "../evil.sh", "leads outside"],
    ["a path upwards from within", (): string => "sub/../../evil.sh", "leads outside"],
    ["nothing there", (): string => "none.sh", "does not exist"],
    ["a folder", (): string => "sub", "is no file"],
    ["an empty name", (): string => " ", "not a relative path"],
    ["a control character", (): string => "a\u001b[31m.sh", "does not exist"],
  ] as const)(verifies("INST-025") + "%s", async (_, setup, message) => {
    const one = installed({ setup: setup() });
    mkdirSync(join(one.root, "sub"));
    writeFileSync(join(dirname(one.root), "evil.sh"), "touch made");
    const error = await run(one).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: "SETUP_INVALID", message: expect.stringContaining(message) });
    expect(error instanceof HostError && error.message).not.toMatch(/\p{Cc}/u);
    expect(existsSync(join(one.root, "made"))).toBe(false);
  });

  it(verifies("INST-025") + "a link that leads outside of the folder", async () => {
    const one = installed(SETUP);
    symlinkSync(outside(), join(one.root, "setup.sh"));
    await expect(run(one)).rejects.toMatchObject({ code: "SETUP_INVALID" });
    expect(existsSync(join(one.root, "made"))).toBe(false);
  });
});

it(
  verifies("INST-026") +
    "without a script there is nothing to do; a sidecar's counts when it is the only one",
  async () => {
    expect(await run(installed({}))).toMatchObject({ did: "nothing", log: undefined });
    const one = installed({}, { "voice.sh": "touch made" });
    const path = join(one.root, ".synaps-plugin", "plugin.json");
    const manifest = JSON.parse(readFileSync(path, "utf8")) as object;
    const sidecar = { protocol_version: 2, command: "sh", setup: "voice.sh" };
    writeFileSync(path, JSON.stringify({ ...manifest, provides: { sidecar } }));
    expect(await run(one)).toMatchObject({ did: "script" });
    expect(existsSync(join(one.root, "made"))).toBe(true);
  },
);

describe("the command after a setup", () => {
  it.each([
    ["is absolute", "/bin/sh", "absolute path"],
    ["leads outside", "../sh", "leads outside"],
    ["is missing", "bin/none", "does not exist"],
    ["is a folder", "./bin", "is a folder"],
    ["may not be executed", "./plain", "may not be executed"],
  ])(verifies("INST-027") + "%s: refused and noted", async (_, command, message) => {
    const one = installed({ ...SETUP, command }, { "setup.sh": "mkdir bin; touch plain" });
    await expect(run(one)).rejects.toMatchObject({
      code: "SETUP_COMMAND_UNUSABLE",
      message: expect.stringContaining(message),
    });
    expect(noted(one.base)).toEqual({ installed: [{ name: "tool", setup_status: "failed" }] });
  });

  it(verifies("INST-027") + "is what the setup made, or a name for PATH", async () => {
    const text = "mkdir bin; echo '#!/bin/sh' > bin/tool; chmod +x bin/tool";
    expect(await run(installed({ ...SETUP, command: "bin/tool" }, { "setup.sh": text }))).toMatchObject({
      did: "script",
    });
    expect(await run(installed({ ...SETUP, command: "no-such-name" }, { "setup.sh": "true" }))).toMatchObject(
      {
        did: "script",
      },
    );
  });
});
