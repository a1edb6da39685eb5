import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { unwire, type Surroundings } from "@synaps/service/wiring";
import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { readSettings, writeSettings } from "../../../packages/service/src/wiring/settings-file.js";
import { place, stateOf, wiredWith } from "./place.js";

const CLAUDE = ".claude/settings.json";

/** Names of everything below a folder. */
function treeOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).sort() : [];
}

function put({ home }: Surroundings, path: string, text: string | Buffer): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe(verifies("WIRING-003") + "wire refuses what it does not understand, and touches nothing", () => {
  it.each<[string, string | Buffer, RegExp]>([
    ["broken JSON", '{"hooks": {', /it is no JSON at line 1, column 12/],
    ["text", "hello", /it is no JSON at line 1, column 1/],
    ["two documents", "{}\n{}", /it is no JSON at line 2, column 1/],
    ["a list", "[]", /it holds no JSON object/],
    ["hooks as a list", '{"hooks":[]}', /its member 'hooks' is no object/],
    ["hooks as null", '{"hooks":null}', /its member 'hooks' is no object/],
    ["an event as an object", '{"hooks":{"PreToolUse":{}}}', /its member 'hooks\.PreToolUse' is no list/],
    ["hooks twice", '{"hooks":{},"hooks":{}}', /the member 'hooks' stands there twice/],
    ["an event twice", '{"hooks":{"Stop":[],"Stop":[]}}', /the member 'Stop' stands there twice/],
    ["UTF-16", Buffer.from("\uFEFF{}", "utf16le"), /it is not UTF-8 text/],
    ["no depth that ends", "[".repeat(20_000), /nested too deeply|no JSON/],
  ])("%s", async (_, text, why) => {
    const surroundings = place();
    const file = put(surroundings, CLAUDE, text);
    await expect(wiredWith(surroundings, "claude-code")).rejects.toMatchObject({
      code: "AGENT_FILE_UNUSABLE",
      message: expect.stringMatching(why) as string,
    });
    expect(readFileSync(file)).toEqual(Buffer.from(text));
    expect(treeOf(surroundings.home)).toEqual([".claude", CLAUDE]);
    expect(existsSync(surroundings.baseDir)).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    ["broken TOML", "[[hooks.Stop]]\na =", /it is no TOML/],
    ["hooks that cannot be added to", "hooks.Stop = [{ hooks = [] }]\n", /it is no TOML/],
  ])("%s", async (_, text, why) => {
    const surroundings = place();
    const file = put(surroundings, ".codex/config.toml", text);
    await expect(wiredWith(surroundings, "codex")).rejects.toThrow(why);
    expect([readFileSync(file, "utf8"), existsSync(surroundings.baseDir)]).toEqual([text, false]);
  });

  it("a folder in place of the file, and a link to nowhere", async () => {
    const surroundings = place();
    mkdirSync(join(surroundings.home, CLAUDE), { recursive: true });
    await expect(wiredWith(surroundings, "claude-code")).rejects.toThrow(/it is not a file/);
    mkdirSync(join(surroundings.home, ".gemini"));
    symlinkSync("/nowhere/at/all", join(surroundings.home, ".gemini", "settings.json"));
    await expect(wiredWith(surroundings, "gemini")).rejects.toThrow(/it is a link that leads nowhere/);
  });

  it("a link of a project to a file outside, whoever put it there", async () => {
    const surroundings = place();
    const outside = put(surroundings, "mine.json", "{}");
    mkdirSync(join(surroundings.project, ".claude"));
    symlinkSync(outside, join(surroundings.project, ".claude", "settings.local.json"));
    await expect(wiredWith(surroundings, "claude-code", { scope: "project" })).rejects.toThrow(
      /a link out of the project/,
    );
    expect(readFileSync(outside, "utf8")).toBe("{}");
  });

  it.runIf(process.getuid?.() === 0)("a file of another user", async () => {
    const surroundings = place();
    chownSync(put(surroundings, CLAUDE, "{}"), 65_534, 65_534);
    await expect(wiredWith(surroundings, "claude-code")).rejects.toThrow(/it belongs to another user/);
  });

  it("a home in which nothing can be written", async () => {
    const surroundings = place();
    const home = put(surroundings, "no-folder", "");
    await expect(wiredWith({ ...surroundings, home }, "gemini")).rejects.toMatchObject({
      code: "AGENT_FILE_NOT_WRITTEN",
      message: expect.stringMatching(/a part of its path is not a folder/) as string,
      hint: expect.stringMatching(/the agent works as before/) as string,
    });
    expect(existsSync(surroundings.baseDir)).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)("a home without the right to write", async () => {
    const surroundings = place();
    const file = put(surroundings, CLAUDE, "{}");
    for (const path of [dirname(surroundings.home), surroundings.home, dirname(file), file])
      chmodSync(path, 0o755);
    mkdirSync(surroundings.baseDir);
    for (const path of [file, surroundings.baseDir]) chownSync(path, 65_534, 65_534);
    process.seteuid?.(65_534);
    try {
      await expect(wiredWith(surroundings, "claude-code")).rejects.toThrow(/this user may not do that there/);
    } finally {
      process.seteuid?.(0);
    }
    expect([readFileSync(file, "utf8"), treeOf(surroundings.home)]).toEqual(["{}", [".claude", CLAUDE]]);
  });

  it("a file that another program wrote or removed since it was read", async () => {
    const surroundings = place();
    const file = put(surroundings, CLAUDE, "{}");
    const asRead = await readSettings(file);
    writeFileSync(file, '{"theirs":1}');
    const bytes = Buffer.from('{"ours":1}');
    await expect(writeSettings(asRead, { bytes })).rejects.toThrow(/changed by another program meanwhile/);
    await expect(writeSettings(asRead, { bytes: undefined })).rejects.toThrow(/changed by another program/);
    expect(readFileSync(file, "utf8")).toBe('{"theirs":1}');
    unlinkSync(file);
    await expect(writeSettings(asRead, { bytes })).rejects.toThrow(/changed by another program/);
    expect(treeOf(surroundings.home)).toEqual([".claude"]);
  });

  it("unwire, too; a file that does not speak of us may look as it likes", async () => {
    const surroundings = place();
    const { file } = await wiredWith(surroundings, "claude-code");
    const broken = `${readFileSync(file, "utf8")}}`;
    writeFileSync(file, broken);
    await expect(unwire(surroundings, "claude-code", "user")).rejects.toThrow(/it is no JSON/);
    expect(readFileSync(file, "utf8")).toBe(broken);
    writeFileSync(file, "{{{");
    expect((await unwire(surroundings, "claude-code", "user")).files).toEqual([
      { path: file, how: "untouched", edited: [] },
    ]);
  });
});

describe("wire refuses options that do not go together", () => {
  it.each([
    ["codex", { http: true }, /--http is for Claude Code only/],
    ["claude-code", { http: true, mode: "closed" }, /runs the tool whenever an HTTP hook fails/],
    ["claude-code", { http: true, scope: "project" }, /into a file of the project/],
    ["claude-code", { tokenEnv: "A" }, /--http, which is missing/],
    ["claude-code", { http: true, tokenEnv: "A B" }, /no name of a variable/],
  ] as const)("%s %o", async (agent, options, why) => {
    const surroundings = place();
    await expect(wiredWith(surroundings, agent, options)).rejects.toMatchObject({
      code: "AGENT_OPTION_REFUSED",
      message: expect.stringMatching(why) as string,
    });
    expect([treeOf(surroundings.home), existsSync(surroundings.baseDir)]).toEqual([[], false]);
  });
});

describe(verifies("WIRING-005") + "wire --http", () => {
  it("keeps one port and one token, closes the file to others, and gives its rights back", async () => {
    const surroundings = place();
    const file = put(surroundings, CLAUDE, '{ "model": "x" }\n');
    chmodSync(file, 0o644);
    const before = stateOf(file);
    const report = await wiredWith(surroundings, "claude-code", { http: true });
    expect([report.transport, stateOf(file)?.mode]).toEqual(["http", "600"]);
    const agents = join(surroundings.baseDir, "extensions", "agents");
    const { port } = JSON.parse(readFileSync(join(agents, "http.json"), "utf8")) as { port: number };
    const token = readFileSync(join(agents, "http-token"), "utf8").trim();
    expect([statSync(join(agents, "http-token")).mode & 0o777, token]).toEqual([
      0o600,
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    const { hooks } = JSON.parse(readFileSync(file, "utf8")) as {
      hooks: Record<string, [{ hooks: unknown[] }]>;
    };
    expect(hooks["PreToolUse"]?.[0].hooks).toEqual([
      {
        type: "http",
        url: `http://127.0.0.1:${port}/v1/hooks/claude-code?event=PreToolUse`,
        timeout: 15,
        headers: { Authorization: `Bearer ${token}` },
      },
    ]);
    expect(hooks["SessionStart"]?.[0].hooks).toMatchObject([{ type: "command" }]);
    const wired = stateOf(file);
    expect((await wiredWith(surroundings, "claude-code", { http: true })).changed).toBe(false);
    expect(stateOf(file)).toEqual(wired);

    await wiredWith(surroundings, "claude-code");
    expect([stateOf(file)?.mode, stateOf(file)?.text.includes(token)]).toEqual(["644", false]);
    await wiredWith(surroundings, "claude-code", { http: true });
    await unwire(surroundings, "claude-code", "user");
    expect(stateOf(file)).toEqual(before);
    expect(treeOf(agents)).toEqual([]);
  });

  it("takes the token from a variable: then the file may be shared", async () => {
    const surroundings = place();
    const options = { http: true, scope: "project", tokenEnv: "MY_TOKEN" } as const;
    const { file, notes } = await wiredWith(surroundings, "claude-code", options);
    expect([file, stateOf(file)?.mode]).toEqual([
      join(surroundings.project, ".claude", "settings.local.json"),
      "644",
    ]);
    const { hooks } = JSON.parse(readFileSync(file, "utf8")) as {
      hooks: Record<string, [{ hooks: unknown[] }]>;
    };
    expect(hooks["Stop"]?.[0].hooks).toMatchObject([
      { headers: { Authorization: "Bearer $MY_TOKEN" }, allowedEnvVars: ["MY_TOKEN"] },
    ]);
    expect(notes.join("\n")).toContain("export MY_TOKEN=");
    await unwire(surroundings, "claude-code", "project");
    expect(treeOf(surroundings.project)).toEqual([]);
  });

  it("refuses settings that do not let the hooks go out, and a link", async () => {
    const surroundings = place();
    const file = put(surroundings, CLAUDE, '{"allowedHttpHookUrls":["https://hooks.example.com/*"]}');
    await expect(wiredWith(surroundings, "claude-code", { http: true })).rejects.toThrow(
      /'allowedHttpHookUrls'/,
    );
    writeFileSync(file, '{"allowedHttpHookUrls":["https://x/*", "http://127.0.0.1:*"]}');
    expect((await wiredWith(surroundings, "claude-code", { http: true })).changed).toBe(true);

    const linked = place();
    mkdirSync(join(linked.home, ".claude"));
    symlinkSync(put(linked, "dotfiles.json", "{}"), join(linked.home, CLAUDE));
    await expect(wiredWith(linked, "claude-code", { http: true })).rejects.toThrow(/through the link/);
    expect(lstatSync(join(linked.home, CLAUDE)).isSymbolicLink()).toBe(true);
  });
});

describe(verifies("WIRING-004") + "wire says", () => {
  it.each([
    ["claude-code", CLAUDE, "{} // mine", /has comments\. The agent does not read such a file/],
    ["claude-code", CLAUDE, '{"a":[1,]}', /has commas behind the last member/],
    ["claude-code", CLAUDE, '{"disableAllHooks":true}', /switched off: 'disableAllHooks' is true/],
    ["codex", ".codex/hooks.json", "\uFEFF{}", /has a byte order mark/],
    [
      "codex",
      ".codex/config.toml",
      "[features]\nhooks = false\n",
      /switched off: 'hooks' under 'features' is false/,
    ],
    [
      "gemini",
      ".gemini/settings.json",
      '{"hooksConfig":{"enabled":false}}',
      /switched off: 'hooksConfig\.enabled'/,
    ],
  ] as const)("%s, %s: why %s keeps hooks from running", async (agent, path, text, why) => {
    const surroundings = place();
    put(surroundings, path, text);
    expect((await wiredWith(surroundings, agent)).warnings).toEqual([expect.stringMatching(why)]);
  });

  it("nothing against comments that the agent reads, but that perl and curl are missing", async () => {
    const surroundings = place();
    put(surroundings, ".gemini/settings.json", "{} // mine");
    const env = { PATH: surroundings.home };
    expect((await wiredWith({ ...surroundings, env }, "gemini")).warnings).toEqual([
      expect.stringMatching(/^There is neither perl nor curl in PATH/),
    ]);
  });

  it("what it would do, without doing it", async () => {
    const surroundings = place();
    const report = await wiredWith(surroundings, "claude-code", { dryRun: true, http: true });
    expect([report.changed, treeOf(surroundings.home), existsSync(surroundings.baseDir)]).toEqual([
      true,
      [],
      false,
    ]);
  });
});

it("two programs that wire at the same time lose nothing of the user's", async () => {
  const surroundings = place();
  const file = put(surroundings, CLAUDE, '{ "model": "x" }\n');
  const modes = ["open", "closed", "open", "closed"] as const;
  await Promise.allSettled(modes.map((mode) => wiredWith(surroundings, "claude-code", { mode })));
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ model: "x" });
  await unwire(surroundings, "claude-code", "user");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ model: "x" });
  expect(treeOf(surroundings.home)).toEqual([".claude", CLAUDE]);
});
