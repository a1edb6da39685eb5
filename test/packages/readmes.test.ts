import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";
import { installed, node, type PackageName } from "./installed.js";

const { root } = await installed();

/** The blocks of one language in the readme that a package carries, in order. */
function blocks(name: PackageName, language: string): string[] {
  const text = readFileSync(join(root, "node_modules/@synaps", name, "README.md"), "utf8");
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .filter(([, of]) => of === language)
    .map(([, , code = ""]) => code);
}

/** Runs a block of shell commands in a folder, with the installed command and the tools of the workspace in reach. */
function shell(script: string, cwd = root): string {
  const bin = join(root, "bin");
  mkdirSync(bin, { recursive: true });
  const entry = join(root, "node_modules/@synaps/cli/bin/synaps-ext.js");
  writeFileSync(join(bin, "synaps-ext"), `#!/bin/sh\nexec "${process.execPath}" "${entry}" "$@"\n`, {
    mode: 0o755,
  });
  const path = [bin, repo("node_modules/.bin"), dirname(process.execPath), process.env["PATH"]].join(
    delimiter,
  );
  const env = { ...process.env, PATH: path, SYNAPS_BASE_DIR: join(root, "base") };
  return execFileSync("sh", ["-euc", script], {
    cwd,
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** A folder in which nothing is installed, with the extensions that the program names. */
function bareFolder(name: string, ...copied: readonly string[]): string {
  const folder = join(root, "..", name);
  mkdirSync(folder, { recursive: true });
  for (const file of copied) cpSync(join(root, file), join(folder, file), { recursive: true });
  return folder;
}

const [bundling = ""] = blocks("host", "sh");
const [host = "", tool = ""] = blocks("host", "js");

it("the readme of the host shows a program for each entry, and no other", () => {
  const entries = blocks("host", "js").map((code) => /from "(.*)"/.exec(code)?.[1]);
  expect(entries).toEqual(["@synaps/host", "@synaps/host/tooling"]);
});

describe.each([
  ["@synaps/host", host, /^block \[/gm],
  ["@synaps/host/tooling", tool, /^shell-guard ready$/gm],
])("the program for %s in the readme of the host", (entry, program, printed) => {
  const place = entry.replaceAll(/\W+/g, "-").slice(1);

  it("runs as it stands", () => {
    writeFileSync(join(root, "main.mjs"), program);
    expect(node(root, "main.mjs")).toMatch(printed);
  });

  it(
    verifies("PKG-001") + "runs as a bundle of ES modules, made as the page says, where nothing is installed",
    () => {
      writeFileSync(join(root, "main.mjs"), program);
      shell(bundling);
      const folder = bareFolder(`esm-${place}`, "bundle.mjs", "extensions");
      expect(node(folder, "bundle.mjs")).toMatch(printed);
    },
  );

  it(verifies("PKG-001") + "runs as a bundle in the format of CommonJS, with no further option", () => {
    writeFileSync(join(root, "main.cjs"), inCommonJs(program));
    shell("esbuild main.cjs --bundle --platform=node --format=cjs --outfile=bundle.cjs --log-level=warning");
    const folder = bareFolder(`cjs-${place}`, "bundle.cjs", "extensions");
    expect(node(folder, "bundle.cjs")).toMatch(printed);
  });

  it(verifies("PKG-002") + "runs with require, and in worker threads", () => {
    writeFileSync(join(root, "main.cjs"), inCommonJs(program));
    expect(node(root, "main.cjs")).toMatch(printed);
    writeFileSync(join(root, "main.mjs"), program);
    writeFileSync(
      join(root, "threads.mjs"),
      `import { Worker } from "node:worker_threads";
       const run = () => new Promise((resolve, reject) => {
         const worker = new Worker(new URL("./main.mjs", import.meta.url));
         worker.on("error", reject).on("exit", resolve);
       });
       console.log(await Promise.all([run(), run()]));`,
    );
    const said = node(root, "threads.mjs");
    expect(said.match(printed)).toHaveLength(2);
    expect(said).toContain("[ 0, 0 ]");
  });
});

describe("the readme of the SDK", () => {
  const [program = ""] = blocks("sdk", "js");
  const [manifest = ""] = blocks("sdk", "json");
  const EVENT = '{"kind":"before_tool_call","tool_name":"bash","tool_input":{"command":"rm -rf /"}}';
  const fire = (folder: string): unknown =>
    JSON.parse(shell(`echo '${EVENT}' | synaps-ext run --quiet --extensions-dir "${folder}"`));

  function guard(): string {
    const folder = join(root, "my-guard");
    mkdirSync(join(folder, ".synaps-plugin"), { recursive: true });
    writeFileSync(join(folder, "main.mjs"), program);
    writeFileSync(join(folder, ".synaps-plugin", "plugin.json"), manifest);
    return folder;
  }

  it("shows an extension that does what it says", () => {
    expect(fire(guard())).toMatchObject({ outcome: { action: "block", reason: "This deletes everything." } });
  });

  it.each(["esm", "cjs"])(
    "names a way to put it into one file, which runs where nothing is installed: %s",
    (format) => {
      const folder = guard();
      const readme = readFileSync(join(root, "node_modules/@synaps/sdk/README.md"), "utf8");
      const [, command = ""] = /`(esbuild main\.mjs [^`]*)`/.exec(readme) ?? [];
      shell(
        command.replace("format=esm", `format=${format}`).replace(/mjs$/, format === "cjs" ? "cjs" : "mjs"),
        folder,
      );
      const file = `dist/main.${format === "cjs" ? "cjs" : "mjs"}`;
      const alone = bareFolder(`alone-${format}`);
      cpSync(folder, join(alone, "my-guard"), { recursive: true });
      writeFileSync(
        join(alone, "my-guard", ".synaps-plugin", "plugin.json"),
        manifest.replace("main.mjs", file),
      );
      expect(fire(join(alone, "my-guard"))).toMatchObject({ outcome: { action: "block" } });
    },
  );
});

it("the readme of the command shows a line that blocks what it names", () => {
  const [line = ""] = blocks("cli", "sh");
  const { outcome, votes } = JSON.parse(shell(line)) as { outcome: { action: string }; votes: unknown[] };
  expect([outcome.action, votes.length]).toEqual(["block", 1]);
});

/** The same program with require, and with its waiting inside of a function. */
function inCommonJs(program: string): string {
  const body = program.replace(/^import (\{.*\}) from (".*");$/m, "const $1 = require($2);");
  return `(async () => {\n${body}\n})();\n`;
}
