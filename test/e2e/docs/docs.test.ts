import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { HOST_ERROR_CODES } from "@synaps/host";
import { ABSTENTION_REASONS } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { MOVES } from "../../../packages/host/src/supervision/states.js";
import { CLI, repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { stepsOf } from "./follow.js";
import { PAGES as FOLLOWED } from "./pages.js";

const PAGES = [
  "README.md",
  ...readdirSync(repo("docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const LINK = /\]\(([^)#:]*)(?:#([^)]*))?\)/g;

/** Names that the headings of a page have in links. */
function anchorsIn(file: string): string[] {
  const headings = readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** A folder in which the packages are installed, as for somebody who used npm. */
function project(): string {
  const root = tempDir();
  mkdirSync(join(root, "node_modules", "@synaps"), { recursive: true });
  for (const name of ["sdk", "audit", "builtins", "host", "metrics"]) {
    symlinkSync(repo(`packages/${name}`), join(root, "node_modules", "@synaps", name));
  }
  return root;
}

/** The examples, with the packages that they import. */
function exampleFolder(): string {
  const root = project();
  cpSync(repo("docs/examples"), root, { recursive: true });
  return root;
}

function runExample(name: string): string {
  const root = exampleFolder();
  cpSync(repo("extensions/shell-guard"), join(root, "extensions", "shell-guard"), { recursive: true });
  return execFileSync(process.execPath, [name], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, SYNAPS_BASE_DIR: root },
  });
}

/** One event through the command and an extension of the documentation. */
function fire(extension: string, event: object, root = project()): { outcome: Record<string, unknown> } {
  cpSync(repo(`docs/examples/${extension}`), join(root, extension), { recursive: true });
  const args = [CLI, "run", "--quiet", "--base-dir", root, "--extensions-dir", join(root, extension)];
  const { stdout } = spawnSync(process.execPath, args, { input: JSON.stringify(event), encoding: "utf8" });
  return JSON.parse(stdout) as { outcome: Record<string, unknown> };
}

describe("the examples of the documentation", () => {
  const shown = PAGES.flatMap((page) => {
    const text = readFileSync(repo(page), "utf8");
    return [...text.matchAll(/<!-- example: (\S+) -->\s+```\w+\n([\s\S]*?)```/g)].map(([, path, code]) => ({
      page,
      path,
      code,
    }));
  });

  it("are the files that are run here, letter by letter", () => {
    expect(shown.length).toBeGreaterThanOrEqual(5);
    for (const { path, code } of shown)
      expect(code).toBe(readFileSync(repo(`docs/examples/${path}`), "utf8"));
  });

  it("embed the host: from nothing to an outcome with votes", () => {
    expect(runExample("embed.mjs")).toMatch(/^block \[/);
  });

  it("follow a start", () => {
    expect(runExample("follow-start.mjs")).toBe("shell-guard is ready (1 so far)\n1 ready, 0 not\n");
  });

  it("run a command, show what it shows, and open an editor", () => {
    expect(runExample("invoke-command.mjs").split("\n")).toEqual([
      "task: Uploading to staging ",
      "task: Uploading to staging 0.3333333333333333",
      "task: Uploading to staging 0.6666666666666666",
      "task: Uploading to staging 1",
      "task: Uploading to staging 1",
      "widget: staging is up",
      "[ [ 'staging', 'up' ] ]",
      "done 7 events",
      "chosen: live",
      "",
    ]);
  });

  it(verifies("INP-029") + "bring hooks of the program, and print what the page says", () => {
    const page = readFileSync(repo("docs/hooks.md"), "utf8");
    const [, output] = /<!-- output: hooks\.mjs -->\s+```text\n([\s\S]*?)```/.exec(page) ?? [];
    expect(runExample("hooks.mjs")).toBe(output);
  });

  it.each(["operation-stop.mjs", "operation-instead.mjs", "operation-elsewhere.mjs"])(
    verifies("ACTION-009") + "carry out what hooks answer, and print what the page says: %s",
    (name) => {
      const page = readFileSync(repo("docs/operations.md"), "utf8");
      const output = page.split(`<!-- output: ${name} -->`)[1]?.split("```")[1];
      expect(runExample(name)).toBe(output?.replace(/^text\n/, ""));
    },
  );

  it("show the numbers of a host, and print what the page says", () => {
    const page = readFileSync(repo("docs/metrics.md"), "utf8");
    const [, output] = /<!-- output: metrics\.mjs -->\s+```text\n([\s\S]*?)```/.exec(page) ?? [];
    expect(runExample("metrics.mjs")).toBe(output);
  });

  it("refuse, log and keep by built-in hooks, and print what the page says", () => {
    const page = readFileSync(repo("docs/builtins.md"), "utf8");
    const [, output] = /<!-- output: builtins\.mjs -->\s+```text\n([\s\S]*?)```/.exec(page) ?? [];
    expect(runExample("builtins.mjs")).toBe(output);
  });

  it("put an operation between its hooks", () => {
    expect(runExample("intercept.mjs")).toBe("hello\n\n");
  });

  it("are extensions that do what they say, in JavaScript", () => {
    const push = (command: string) =>
      fire("no-force-push", { kind: "before_tool_call", tool_name: "bash", tool_input: { command } }).outcome;
    expect(push("git push --force")).toMatchObject({
      action: "block",
      reason: expect.stringContaining("This rewrites the remote branch.") as unknown,
    });
    expect(push("git push")).toMatchObject({ action: "continue" });
  });

  it("take their configuration from the user's file", () => {
    const root = project();
    const answer = () => fire("follows-config", { kind: "before_message", message: "hi" }, root).outcome;
    expect(answer()).toEqual({ action: "inject", content: "Answer in a friendly tone." });
    mkdirSync(join(root, "plugins", "follows-config"), { recursive: true });
    writeFileSync(join(root, "plugins", "follows-config", "config"), "tone = dry\n");
    expect(answer()).toEqual({ action: "inject", content: "Answer in a dry tone." });
  });

  it("keep notes and find them again", () => {
    const root = project();
    const say = (message: string) => fire("remembers", { kind: "before_message", message }, root).outcome;
    expect(say("Hello")).toMatchObject({ action: "continue" });
    expect(say("Remember short answers")).toMatchObject({ action: "continue" });
    expect(say("Hello again")).toEqual({ action: "inject", content: "- short answers" });
  });

  it("offer a tool and call it, in a program and by the command", () => {
    expect(runExample("call-tool.mjs").split("\n")).toEqual([
      "counts-words_count: Counts the words of a text.",
      "1 of 2",
      "2 of 2",
      "ok 3 words",
      "invalid_input The input does not fit the tool 'counts-words:count': it 'text' is missing; /txt is not a known property.",
      "",
    ]);
    const called = spawnSync(
      process.execPath,
      [
        CLI,
        "call",
        "counts-words:count",
        "--extensions-dir",
        "counts-words",
        "--input",
        '{"text":"one two"}',
      ],
      { cwd: exampleFolder(), encoding: "utf8", env: { ...process.env, SYNAPS_BASE_DIR: tempDir() } },
    );
    expect([called.status, called.stdout]).toEqual([0, "2 words\n"]);
  });

  it("offer a model and ask it, with a tool of the program", () => {
    // Text that waits for its reader is joined: how much of it depends on the machine.
    const told = runExample("ask-model.mjs").replaceAll(" \ntext ", " ");
    expect(told.trim().split("\n")).toEqual([
      "thinking What was that?",
      "text hello! ",
      "tool_use clock",
      "done ",
      "thinking What was that?",
      "text It is noon! ",
      "usage ",
      "done ",
      "It is noon! (2 turns, ran clock)",
    ]);
  });

  it.skipIf(spawnSync("python3", ["--version"]).status !== 0)("and in Python", () => {
    expect(fire("hello-python", { kind: "before_message", message: "hi" }).outcome).toEqual({
      action: "inject",
      content: "Answer in one sentence.",
    });
  });
});

describe("the pages", () => {
  it("link to files and headings that are there", () => {
    for (const page of PAGES) {
      const folder = page.startsWith("docs/") ? "docs/" : "";
      for (const [, target = "", heading] of readFileSync(repo(page), "utf8").matchAll(LINK)) {
        const file = target === "" ? repo(page) : repo(`${folder}${target}`);
        expect(existsSync(file), `${page} links to ${target}`).toBe(true);
        if (heading !== undefined) expect(anchorsIn(file), `${page} links to ${target}`).toContain(heading);
      }
    }
  });

  it("show the name of each file that their readers save, before the file", () => {
    for (const page of Object.keys(FOLLOWED)) {
      const text = readFileSync(repo(page), "utf8");
      for (const { line, saves } of stepsOf(text).filter((step) => step.saves !== undefined)) {
        const before = text
          .split("\n")
          .slice(line - 7, line)
          .join("\n");
        expect(before, `${page}:${line}`).toContain(`\`${saves}\``);
      }
    }
  });

  it("explain every reason for an abstention", () => {
    const users = readFileSync(repo("docs/users.md"), "utf8");
    for (const reason of Object.keys(ABSTENTION_REASONS)) expect(users).toContain(`\`${reason}\``);
  });

  it("explain every state of an extension", () => {
    const states = readFileSync(repo("docs/states.md"), "utf8");
    for (const state of Object.keys(MOVES)) expect(states).toContain(`| \`${state}\` `);
  });

  it("list every error code", () => {
    const errors = readFileSync(repo("docs/errors.md"), "utf8");
    for (const code of Object.keys(HOST_ERROR_CODES)) expect(errors).toContain(`\`${code}\``);
  });

  it("speak of no machine and of no folder outside of the project", () => {
    for (const page of PAGES)
      expect(readFileSync(repo(page), "utf8")).not.toMatch(/\/(root|work|home\/\w+)\//);
  });
});
