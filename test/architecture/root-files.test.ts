import { execFileSync } from "node:child_process";
import { accessSync, constants, copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";

const read = (path: string): string => readFileSync(repo(path), "utf8");

describe("the workflow for continuous integration", () => {
  interface Job {
    "runs-on": string;
    strategy: { "fail-fast": boolean; matrix: { node: number[] } };
    steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
  }
  interface Workflow {
    on: Record<string, unknown>;
    permissions: Record<string, string>;
    jobs: Record<string, Job>;
  }
  const workflow = parse(read(".github/workflows/ci.yml"), { strict: true, uniqueKeys: true }) as Workflow;
  const jobs = Object.values(workflow.jobs);

  it("runs for pushes and pull requests, and may only read", () => {
    expect(Object.keys(workflow.on).sort()).toEqual(["pull_request", "push"]);
    expect(workflow.permissions).toEqual({ contents: "read" });
  });

  it("calls .ci/run, which is there and may be executed, on Node 20, 22 and 24", () => {
    expect(jobs).toHaveLength(1);
    for (const { strategy, steps } of jobs) {
      expect(strategy).toEqual({ "fail-fast": false, matrix: { node: [20, 22, 24] } });
      expect(steps.map(({ uses, run }) => run ?? uses?.split("@")[0])).toEqual([
        "actions/checkout",
        "actions/setup-node",
        ".ci/run",
      ]);
      // Spelt wrong, the expression would be an empty string and every job would run on one version.
      expect(steps[1]?.with).toEqual({ "node-version": "${{ matrix.node }}" });
    }
    expect(() => accessSync(repo(".ci/run"), constants.X_OK)).not.toThrow();
  });

  it("starts with the oldest line of Node that the packages support", () => {
    const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
    expect(engines.node).toMatch(/^>=20\./);
  });
});

/** Attributes that git gives to paths by our .gitattributes, asked of git itself, in a repository of its own. */
function attributesOf(paths: readonly string[]): Map<string, Record<string, string>> {
  const folder = tempDir();
  execFileSync("git", ["init", "--quiet", folder]);
  copyFileSync(repo(".gitattributes"), join(folder, ".gitattributes"));
  const told = execFileSync("git", ["check-attr", "-z", "--all", "--stdin"], {
    cwd: folder,
    input: `${paths.join("\n")}\n`.replaceAll("\n", "\0"),
    encoding: "utf8",
  }).split("\0");
  const found = new Map<string, Record<string, string>>(paths.map((path) => [path, {}]));
  for (let at = 0; at + 2 < told.length; at += 3) {
    const [path = "", name = "", value = ""] = told.slice(at, at + 3);
    Object.assign(found.get(path) ?? {}, { [name]: value });
  }
  return found;
}

describe(".gitattributes", () => {
  const contracts = readdirSync(repo("manifests"), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `manifests/${name}`);
  const generated = [
    ...contracts,
    ...readdirSync(repo("manifests/catalogs")).map((name) => `manifests/catalogs/${name}`),
    ...readdirSync(repo("docs/performance")).map((name) => `docs/performance/${name}`),
    ...readdirSync(repo("test/e2e/reaper/results")).map((name) => `test/e2e/reaper/results/${name}`),
    ...["bench", "chaos", "fuzz"].map((name) => `test/${name}/results.json`),
    "docs/errors.md",
    "pnpm-lock.yaml",
  ];
  const written = ["README.md", "docs/users.md", "packages/host/src/host.ts", "manifests/valid/guard.json"];

  it("marks what scripts write, and nothing that people write", () => {
    expect(generated.filter((path) => !existsSync(repo(path)))).toEqual([]);
    const attributes = attributesOf([...generated, ...written]);
    const marked = [...attributes].filter(([, of]) => of["linguist-generated"] === "set");
    expect(marked.map(([path]) => path)).toEqual(generated);
  });

  it("keeps line feeds everywhere, and bytes as they are where a test is about bytes", () => {
    const asTheyAre = ["test/pins/transcripts/protocol-1.txt", "test/fuzz/corpus/line-ends-cr.txt"];
    const attributes = attributesOf([...asTheyAre, ...written]);
    for (const path of asTheyAre) expect(attributes.get(path), path).toMatchObject({ text: "unset" });
    for (const path of written) expect(attributes.get(path), path).toMatchObject({ text: "auto", eol: "lf" });
  });
});

it(".editorconfig agrees with what the formatter writes", () => {
  const { printWidth } = JSON.parse(read(".prettierrc.json")) as { printWidth: number };
  const [, all = ""] = /^\[\*\]\n([\s\S]*?)\n\n/m.exec(read(".editorconfig")) ?? [];
  const settings = Object.fromEntries(all.split("\n").map((line) => line.split(" = ")));
  expect(settings).toEqual({
    charset: "utf-8",
    end_of_line: "lf",
    insert_final_newline: "true",
    trim_trailing_whitespace: "true",
    indent_style: "space",
    indent_size: "2",
    max_line_length: String(printWidth),
  });
});

it("SECURITY.md says how to report, what is supported, and leads to the threat model", () => {
  const policy = read("SECURITY.md");
  expect(policy.match(/^## .*$/gm)).toEqual([
    "## Supported versions",
    "## Reporting a vulnerability",
    "## What counts as a vulnerability",
  ]);
  expect(policy).toContain("](docs/security.md)");
  const { version } = JSON.parse(read("packages/host/package.json")) as { version: string };
  expect(policy).toContain(version.replace(/\d+$/, "x"));
});

it("the changelog begins with what is not released yet, and says that the workflow was never run", () => {
  const [, first = "", unreleased = ""] =
    /^# Changelog\n\n## (.*)\n([\s\S]*?)\n## /.exec(read("CHANGELOG.md")) ?? [];
  expect(first).toBe("Unreleased");
  expect(unreleased.replaceAll(/\s+/g, " ")).toContain("The workflow was never run there");
});
