import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { cli, writeActor, type Finished } from "./command.js";

const ENTRIES = [
  { key: "name", type: "string", required: true, description: "Who" },
  { key: "size", type: "number", default: 3 },
  { key: "token", secret_env: "MY_TOKEN" },
];

interface Place {
  base: string;
  path: string;
  started: string;
  run(...args: string[]): Promise<Finished>;
}

function place(file?: string | Buffer, section: Record<string, unknown> = {}): Place {
  const base = tempDir();
  const path = join(base, "plugins", "mine", "config");
  const started = join(base, "started");
  writeActor(join(base, "plugins"), "mine", {
    command: "touch",
    args: [started],
    config: ENTRIES,
    ...section,
  });
  if (file !== undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file);
  }
  const env = { SYNAPS_BASE_DIR: base, MY_TOKEN: "sk-canary-4711" };
  return { base, path, started, run: (...args) => cli(["config", ...args], { env }) };
}

describe(verifies("CFG-060") + "config list and get", () => {
  test("show every key with its source, and values only with --show", async () => {
    const { run, started, base } = place("name = Annabel\nfree = 1\n");
    const human = await run("list", "mine");
    expect([human.code, human.stderr]).toEqual([0, ""]);
    expect(human.stdout).toMatch(/^name\* +\*\*\*el +plugin_config +string +Who$/m);
    expect(human.stdout).toMatch(/^size +\*\*\* +default +number$/m);
    expect(human.stdout).toMatch(/^token +\*\*\*4711 +secret_env +-$/m);
    expect(human.stdout).toMatch(/^free +\*\*\* +plugin_config +- +not in the manifest$/m);
    const json = JSON.parse((await run("list", "mine", "--json")).stdout) as {
      keys: Record<string, unknown>[];
    };
    expect(json).toMatchObject({
      schemaVersion: 1,
      id: "mine",
      file: join(base, "plugins", "mine", "config"),
      redacted: true,
    });
    expect(json.keys[0]).toEqual({
      key: "name",
      value: "***el",
      source: "plugin_config",
      type: "string",
      allowed: null,
      required: true,
      secret: false,
      declared: true,
      invalid: false,
      description: "Who",
    });
    expect(JSON.stringify(json) + human.stdout).not.toContain("canary");
    expect((await run("list", "mine", "--show")).stdout).toContain("sk-canary-4711");
    expect(existsSync(started)).toBe(false);
  });

  test("get prints one value, redacted or not", async () => {
    const { run } = place("name = Annabel\n");
    expect(await run("get", "mine", "name")).toEqual({ code: 0, stdout: "***el\n", stderr: "" });
    expect(await run("get", "mine", "name", "--show")).toEqual({ code: 0, stdout: "Annabel\n", stderr: "" });
    expect(JSON.parse((await run("get", "mine", "size", "--show", "--json")).stdout)).toEqual({
      schemaVersion: 1,
      id: "mine",
      key: "size",
      value: 3,
      redacted: false,
      source: "default",
      type: "number",
      declared: true,
      required: false,
      secret: false,
      invalid: false,
    });
    const absent = await run("get", "mine", "nam");
    expect([absent.code, absent.stdout]).toEqual([3, ""]);
    expect(absent.stderr).toBe(
      "error: Extension 'mine' has no configuration key 'nam'\nhint: There are: name, size, token.\n",
    );
  });

  test("a value of the wrong type is marked, where the extension itself would not start", async () => {
    const { run } = place("name = x\nsize = much\n");
    expect((await run("list", "mine")).stdout).toMatch(/^size .*plugin_config, wrong value +number$/m);
  });

  test("a required key that is missing is no obstacle to looking and setting", async () => {
    const { run } = place();
    const { code } = await run("get", "mine", "name");
    expect(code).toBe(1);
    expect((await run("set", "mine", "name", "Ann")).code).toBe(0);
    expect((await run("get", "mine", "name", "--show")).stdout).toBe("Ann\n");
  });
});

describe(verifies("CFG-061") + "config set and unset", () => {
  test("change one line and nothing else", async () => {
    const { run, path, started } = place("# mine\nname = Ann\n");
    expect(await run("set", "mine", "size", "7")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(path, "utf8")).toBe("# mine\nname = Ann\nsize = 7\n");
    expect((await run("unset", "mine", "name")).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe("# mine\nsize = 7\n");
    const json = await run("set", "mine", "free", "x", "--json");
    expect(json.stderr).toBe("note: the manifest of mine does not name 'free'\n");
    expect(JSON.parse(json.stdout)).toEqual({
      schemaVersion: 1,
      id: "mine",
      key: "free",
      file: path,
      set: true,
      declared: false,
    });
    expect(existsSync(started)).toBe(false);
  });

  test("a secret can be piped in", async () => {
    const { base, path } = place();
    const { code } = await cli(["config", "set", "mine", "name", "-"], {
      env: { SYNAPS_BASE_DIR: base },
      input: "s3cret = yes\nmore\n",
    });
    expect(code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe("name = s3cret = yes\n");
  });

  test.each([
    [["set", "mine", "size", "much"], 2, "'size' must be a number"],
    [["set", "mine", "a.b", "x"], 2, "it has a dot, a slash"],
    [["set", "mine", "name", "a\nb"], 2, "it has line breaks"],
    [["set", "mine", "name"], 2, "missing argument 'value'"],
    [["get", "mine"], 2, "missing argument 'key'"],
    [["put", "mine", "name", "x"], 2, "Allowed choices are list, get, set, unset"],
    [["get", "other", "name"], 3, "There is no extension 'other'"],
  ])("%j is refused and writes nothing", async (args, code, message) => {
    const { run, path } = place();
    const refused = await run(...args);
    expect([refused.code, refused.stdout]).toEqual([code, ""]);
    expect(refused.stderr).toContain(message);
    expect(existsSync(path)).toBe(false);
  });

  test("a file that is not text is named, and kept aside when something is set", async () => {
    const bytes = Buffer.from([0x61, 0xff]);
    const { run, path } = place(bytes);
    const seen = await run("list", "mine");
    expect([seen.code, seen.stdout]).toEqual([1, ""]);
    expect(seen.stderr).toContain(`The configuration file '${path}' is not text`);
    const set = await run("set", "mine", "name", "Ann");
    expect([set.code, set.stderr]).toEqual([
      0,
      `warn: the old file was no text and was kept: ${path}.unreadable\n`,
    ]);
    expect(readFileSync(`${path}.unreadable`)).toEqual(bytes);
    expect(readFileSync(path, "utf8")).toBe("name = Ann\n");
  });
});
