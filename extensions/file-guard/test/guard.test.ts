import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../.synaps-plugin/plugin.json" with { type: "json" };
import { decide } from "../src/decide.js";
import { createHarness, events } from "@synaps/sdk/testing";
import { makeFileGuard, placesFrom } from "../src/extension.js";
import { readCall } from "../src/read-call.js";
import { RULES } from "../src/rules.js";
import { readSettings } from "../src/settings.js";
import { makeWorld } from "./support/world.js";

const write = (file_path: string) => ({ file_path, content: "x" });

describe("what is declared", () => {
  test("the manifest and the code declare the same configuration keys", () => {
    const { definition } = makeFileGuard({ home: null, base: null, own: null, extensions: [] });
    const keys = manifest.extension.config.map(({ key }) => key);
    expect(Object.keys(definition.config ?? {}).sort()).toEqual([...keys].sort());
  });

  test("the README has a row for each rule, with its answer", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    for (const { id, severity } of RULES)
      expect(readme).toMatch(new RegExp(`^\\| \`${id}\` +\\| ${severity} `, "m"));
  });
});

describe("texts", () => {
  test("say what, why and what to do, and name the switch in the log alone", async () => {
    const world = makeWorld();
    const { action, text, log } = await world.judge("Read", { file_path: "notes.txt" });
    expect(action).toBe("confirm");
    expect(text).toBe(
      `file-guard asks before this runs: read of \`notes.txt\`, which is \`${world.home}/.ssh/id_ed25519\` - it holds secrets by its name or place. Work without the values: ask the user for the names that you need, or read a sample such as .env.example.`,
    );
    expect(text).not.toMatch(/off_rules|allow|config|mode/);
    expect(log.join()).toContain(
      `allow = read:${world.home}/.ssh/id_ed25519, or off_rules = secret-read, in plugins/file-guard/config`,
    );
    const config = { allow: `read:${world.home}/.ssh/id_ed25519` };
    expect((await world.judge("Read", { file_path: "notes.txt" }, { config })).action).toBe("continue");
  });

  test("of several paths the strictest wins, and each is named, up to ten", async () => {
    const world = makeWorld();
    const few = await world.judge("read_multiple_files", { paths: ["src/app.ts", ".env", "~/.ssh/id_rsa"] });
    expect(few.text).toContain("read of `.env` - ");
    expect(few.text).toContain("Also: read of `~/.ssh/id_rsa`.");
    const patch = ["../a", ".git/config", ...Array.from({ length: 20 }, (_, n) => `../b${n}`)]
      .map((path) => `*** Add File: ${path}\n+x`)
      .join("\n");
    const many = await world.judge("apply_patch", { command: `*** Begin Patch\n${patch}\n*** End Patch` });
    expect(many.action).toBe("block");
    expect(many.text).toMatch(/^Blocked by file-guard: write of `\.git\/config`/);
    expect(many.text).toContain("and 11 more.");
    expect(many.text.length).toBeLessThan(2_000);
  });

  test("cannot paint on a terminal, nor leave their quotes", async () => {
    const { text } = await makeWorld().judge("Read", {
      file_path: "~/.ssh/\u001b[31m\n`\u202e" + "x".repeat(500),
    });
    for (const sign of ["\u001b", "\n", "\u202e"]) expect(text).not.toContain(sign);
    expect(text.length).toBeLessThan(700);
  });
});

describe("configuration", () => {
  test("allow, ask and block by globs, for reads, writes or both", async () => {
    const { judge } = makeWorld();
    const config = {
      allow: "~/notes/**; read:.env; write:../other",
      block: "write:migrations/**",
      ask: "write:*.lock; src/secret",
    };
    const action = async (tool: string, input: object) =>
      (await judge(tool, input as never, { config })).action;
    expect(await action("Write", write("~/notes/a/b.md"))).toBe("continue");
    expect(await action("Write", write("../other/x/y"))).toBe("continue");
    expect(await action("Write", write("../third/x"))).toBe("confirm");
    expect(await action("Read", { file_path: ".env" })).toBe("continue");
    expect(await action("Write", write(".env"))).toBe("confirm");
    expect(await action("Write", write("migrations/1.sql"))).toBe("block");
    expect(await action("Write", write("MIGRATIONS/deep/1.sql"))).toBe("block");
    expect(await action("Read", { file_path: "migrations/1.sql" })).toBe("continue");
    expect(await action("Edit", write("a/b/yarn.lock"))).toBe("confirm");
    expect(await action("Read", { file_path: "src/secret/x" })).toBe("confirm");
  });

  test("allow reaches neither through a link nor to the host's own files", async () => {
    const world = makeWorld();
    symlinkSync("../.ssh", join(world.home, "notes/keys"));
    const config = { allow: "~/notes/**; ~/.synaps-cli/**; **" };
    const action = async (path: string, more = config) =>
      (await world.judge("Write", write(path), { config: more })).action;
    expect(await action("~/notes/keys/id_rsa", { allow: "~/notes/**" })).toBe("confirm");
    expect(await action("~/.synaps-cli/plugins/file-guard/config")).toBe("block");
    const off = { off_rules: "guard-files" };
    expect((await world.judge("Write", write("~/.synaps-cli/config"), { config: off })).action).toBe(
      "confirm",
    );
  });

  test("modes and rules that are off", async () => {
    const { judge } = makeWorld();
    expect((await judge("Write", write("/etc/passwd"), { config: { mode: "ask" } })).action).toBe("confirm");
    const logged = await judge("Write", write("/etc/passwd"), { config: { mode: "log" } });
    expect(logged.action).toBe("continue");
    expect(logged.log.join()).toContain(
      "mode log: would block write of /etc/passwd".replace("/etc/passwd", "`/etc/passwd`"),
    );
    const config = { off_rules: "write-outside, secret-read" };
    expect((await judge("Write", write("../x"), { config })).action).toBe("continue");
    expect((await judge("Read", { file_path: ".env" }, { config })).action).toBe("continue");
  });

  test("tools of one's own, and tools to let alone", async () => {
    const { judge } = makeWorld();
    const config = { tools: "mcp__vault__*=read; Tidy_Up=delete; weird=write; Read=none" };
    expect((await judge("mcp__vault__peek", { path: ".env" }, { config })).action).toBe("confirm");
    expect((await judge("mcp__vault__peek", { path: ".env" })).action).toBe("continue");
    expect((await judge("tidy_up", { dir: "/etc" }, { config })).action).toBe("block");
    expect((await judge("weird", { x: 1 }, { config })).action).toBe("confirm");
    expect((await judge("Read", { file_path: ".env" }, { config })).action).toBe("continue");
  });

  test("a mistake is named in the log and makes nothing less strict", async () => {
    const { judge } = makeWorld();
    const config = {
      mode: "lgo",
      off_rules: "secret-raed",
      allow: "delete:~/x; ;",
      tools: "Read; Write=nothing; a=read",
      block: "x\0",
    };
    const { action, log } = await judge("Read", { file_path: ".env" }, { config });
    expect(action).toBe("confirm");
    const told = log.filter((line) => line.startsWith("MISTAKE IN THE CONFIGURATION"));
    expect(told).toHaveLength(6);
    expect(told.join("\n")).toMatch(/'mode': "lgo".*'off_rules': there is no rule "secret-raed"/s);
    expect((await judge("Write", write("/etc/passwd"), { config })).action).toBe("block");
    expect(readSettings({ mode: "", tools: "=read", project_root: "x" }).problems).toHaveLength(2);
  });
});

describe("places", () => {
  test("a session in the home folder may write plain files there, and no hidden ones", async () => {
    const { judge, home } = makeWorld();
    const action = async (path: string, cwd: string) => (await judge("Write", write(path), { cwd })).action;
    expect(await action("todo.md", home)).toBe("continue");
    expect(await action("new/todo.md", home)).toBe("continue");
    expect(await action(".bashrc", home)).toBe("confirm");
    expect(await action("x", "/")).toBe("confirm");
    expect(await action("x", "/etc")).toBe("confirm");
    expect(await action("x", "/tmp")).toBe("continue");
    expect(await action("../x", join(home, "work/other"))).toBe("confirm");
  });

  test("an event without a folder: relative paths are inside, and of a program's own events the project counts", async () => {
    const { judge, project } = makeWorld();
    const nowhere = { cwd: null };
    expect((await judge("Write", write("src/x"), nowhere)).action).toBe("continue");
    expect((await judge("Write", write("../x"), nowhere)).action).toBe("confirm");
    expect((await judge("Write", write("/srv/x"), nowhere)).action).toBe("confirm");
    const own = { cwd: null, agent: null, config: { project_root: project } };
    expect((await judge("Write", write("src/x"), own)).action).toBe("continue");
    expect((await judge("Read", { path: "notes.txt" }, own)).action).toBe("confirm");
    expect((await judge("Write", write("x"), { ...own, config: {} })).action).toBe("continue");
  });

  test("a project that is reached through a link is the project, by either name", async () => {
    const { judge, home, project } = makeWorld();
    const link = join(home, "shop");
    symlinkSync(project, link);
    for (const cwd of [link, project])
      for (const path of [join(link, "src/a"), join(project, "src/a"), "src/a"])
        expect((await judge("Write", write(path), { cwd })).action).toBe("continue");
  });

  test("a folder below the project is enough, and that of the input comes first", async () => {
    const { judge, project, home } = makeWorld();
    expect((await judge("Write", write("../new.ts"), { cwd: join(project, "src") })).action).toBe("continue");
    expect((await judge("Read", { path: "id_ed25519", cwd: join(home, ".ssh") })).action).toBe("confirm");
  });

  test("a new settings file is written unasked, and one that exists, also as a link, is not", async () => {
    const { judge, project } = makeWorld();
    expect((await judge("Write", write(".env.fresh"))).action).toBe("continue");
    writeFileSync(join(project, ".env.fresh"), "");
    expect((await judge("Write", write(".env.fresh"))).action).toBe("confirm");
    symlinkSync("nowhere", join(project, ".env.link"));
    expect((await judge("Write", write(".env.link"))).action).toBe("confirm");
  });

  test("other extensions beside the guard are asked about, and the guard's own folder is closed", async () => {
    const { project } = makeWorld();
    for (const name of ["file-guard", "shell-guard"]) {
      mkdirSync(join(project, "extensions", name, ".synaps-plugin"), { recursive: true });
      writeFileSync(join(project, "extensions", name, ".synaps-plugin/plugin.json"), "{}");
    }
    const harness = await createHarness(
      makeFileGuard(placesFrom(join(project, "extensions/file-guard"), "/home/me")),
    );
    const action = async (path: string) => {
      const tool_input = write(path);
      const data = { agent: "codex", cwd: project };
      return (await harness.send(events.before_tool_call({ tool_name: "Write", tool_input, data }))).action;
    };
    expect(await action("extensions/shell-guard/dist/main.js")).toBe("confirm");
    expect(await action("extensions/file-guard/dist/main.js")).toBe("block");
    expect(await action("extensions/notes.md")).toBe("continue");
    await harness.stop();
  });

  test("what is named like the host's is asked about in a project, and closed in the base folder", async () => {
    const { judge, home } = makeWorld();
    mkdirSync(join(home, "work/shop/.synaps/x"), { recursive: true });
    expect((await judge("Write", write(".synaps/x/main.js"))).action).toBe("confirm");
    expect((await judge("Write", write(join(home, ".synaps-cli/anything")))).action).toBe("block");
  });
});

test("a tool that makes several calls is answered as each of them, and nested ones end", async () => {
  const { judge } = makeWorld();
  const batch = (...calls: object[]) => judge("batch", { tool_calls: calls } as never);
  const call = (tool: string, parameters: object) => ({ tool, parameters });
  expect((await batch(call("read", { filePath: "src/app.ts" }))).action).toBe("continue");
  expect((await batch(call("ls", {}), call("write", write(".git/config")))).action).toBe("block");
  const parallel = { tool_uses: [{ recipient_name: "functions.read_file", parameters: { path: ".env" } }] };
  expect((await judge("multi_tool_use.parallel", parallel)).action).toBe("confirm");
  expect((await batch(...Array.from({ length: 51 }, () => call("ls", {})))).action).toBe("confirm");
  expect(
    (await batch(...Array.from({ length: 3 }, () => call("read", { paths: Array(190).fill("a") })))).action,
  ).toBe("confirm");
});

test("a server's tool without a path is none of this machine's files", async () => {
  const { judge } = makeWorld();
  expect((await judge("mcp__drive__create_folder", { name: "x", parentId: "1" })).action).toBe("continue");
  expect((await judge("mcp__drive__move_file", { fileId: "1", folderId: "2" })).action).toBe("continue");
  expect((await judge("move_file", { fileId: "1" })).action).toBe("confirm");
});

describe("what cannot be looked at becomes a question", () => {
  test("a folder that does not answer", async () => {
    const call = { accesses: [{ operation: "read", text: "a" }], unclear: undefined } as const;
    const never = new Promise<never>(() => {});
    expect((await decide(call, never, readSettings({}), 1)).findings[0]).toMatchObject({
      rule: "unclear-path",
      why: "looking at its folders took too long",
    });
    const { verdict } = await decide(call, Promise.reject(new TypeError("x")), readSettings({}));
    expect(verdict).toBe("confirm");
  });

  test("too many paths, values or levels", () => {
    const paths = (count: number) => ({ paths: Array.from({ length: count }, (_, n) => `f${n}`) });
    expect(readCall("read", paths(200))?.unclear).toBeUndefined();
    expect(readCall("read", paths(201))).toMatchObject({ unclear: "it names more than 200 paths" });
    expect(readCall("read", paths(100_000))?.accesses.length).toBe(200);
    const edits = Array.from({ length: 6_000 }, () => ({ old: "a" }));
    expect(readCall("write", { path: "a", edits })?.unclear).toBe("its input has more than 5000 values");
    let deep: object = { path: "a" };
    for (let n = 0; n < 500; n += 1) deep = { x: deep };
    expect(readCall("write", deep as never)?.unclear).toBe("its input has more than 8 levels");
  });
});
