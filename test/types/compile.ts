import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repo } from "../helpers/paths.js";

/** One message of the compiler. */
export interface Finding {
  /** As in TS2345. */
  code: number;
  /** Counted from 1. */
  line: number;
  message: string;
}

const COMPILER = repo("node_modules/typescript/bin/tsc");

/** The options of a stranger's project: strict, and nothing from this workspace. */
const OPTIONS = {
  target: "es2023",
  lib: ["es2023"],
  module: "nodenext",
  types: ["node"],
  strict: true,
  checkJs: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * Compiles programs as modules of a project outside of this workspace, under `strict`, against the built packages. The
 * programs do not see each other. Returns the findings for each name; an empty list means that a program compiles.
 * Names end in `.ts`, `.mts` or `.mjs`; JavaScript is checked too. Throws when the compiler itself fails.
 */
export async function compile(
  programs: Readonly<Record<string, string>>,
): Promise<Record<string, Finding[]>> {
  const root = mkdtempSync(join(tmpdir(), "synaps-"));
  try {
    return await compileIn(root, programs);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function compileIn(
  root: string,
  programs: Readonly<Record<string, string>>,
): Promise<Record<string, Finding[]>> {
  installPackages(root);
  for (const [name, text] of Object.entries(programs)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const config = { compilerOptions: OPTIONS, files: Object.keys(programs) };
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify(config));
  const output = await run(root);
  const findings: Record<string, Finding[]> = Object.fromEntries(
    Object.keys(programs).map((name) => [name, []]),
  );
  for (const line of output.split("\n")) {
    const [, name = "", at, code, message = ""] = /^(.+)\((\d+),\d+\): error TS(\d+): (.*)$/.exec(line) ?? [];
    const found = findings[name];
    if (found) found.push({ code: Number(code), line: Number(at), message });
    else if (/error TS/.test(line)) throw new Error(`the compiler: ${line}`);
  }
  return findings;
}

/** Compiles one TypeScript program; see `compile`. */
export async function compileOne(program: string): Promise<Finding[]> {
  return (await compile({ "program.ts": program }))["program.ts"] ?? [];
}

/** Makes a project in which the packages are installed, as for somebody who used npm. */
function installPackages(root: string): void {
  const installed = {
    "@synaps/sdk": "packages/sdk",
    "@synaps/audit": "packages/audit",
    "@synaps/builtins": "packages/builtins",
    "@synaps/host": "packages/host",
    "@synaps/metrics": "packages/metrics",
    "@synaps/service": "packages/service",
    "@types/node": "",
  };
  for (const [name, source] of Object.entries(installed)) {
    mkdirSync(dirname(join(root, "node_modules", name)), { recursive: true });
    symlinkSync(
      repo(source === "" ? `node_modules/${name}` : source),
      join(root, "node_modules", name),
      "dir",
    );
  }
  writeFileSync(join(root, "package.json"), '{"type":"module"}');
}

/** Standard output of the compiler; it ends with code 1 or 2 when it finds something. */
function run(cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = [COMPILER, "-p", ".", "--pretty", "false"];
    execFile(process.execPath, args, { cwd, maxBuffer: 8 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && stdout.trim() === "") reject(new Error(`the compiler failed: ${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}
