import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";

const BUNDLE = repo("packages/cli/bundle");
const FILES = readdirSync(BUNDLE);

/** All code that Node reads before a command does anything. */
function readBy(command: string): string {
  const entry = FILES.find((file) => new RegExp(`^${command}-\\w+\\.js$`).test(file));
  if (entry === undefined) throw new Error(`the bundle has no part for '${command}'`);
  const files = new Map<string, string>();
  const read = (file: string): void => {
    if (files.has(file)) return;
    const code = readFileSync(join(BUNDLE, file), "utf8");
    files.set(file, code);
    for (const [, next = ""] of code.matchAll(/^(?:import|\} from) "\.\/([^"]+)";$/gm)) read(next);
  };
  read(entry);
  return [...files.values()].join("\n");
}

const HOST = "// packages/host/dist/host.js";
const STARTS_PROCESSES = /^\/\/ .*node_modules\/execa\//m;

it.each([
  "list",
  "validate",
  "version",
  "status",
  "config",
  "host-config",
  "approve",
  "diff",
  "logs",
  "disable",
])("%s reads neither the host nor the library that starts processes", (command) => {
  const code = readBy(command);
  expect(code).toContain("// packages/host/dist/");
  expect(code).not.toContain(HOST);
  expect(code).not.toMatch(STARTS_PROCESSES);
});

it("run reads both: the lines that are looked for stand in the bundle", () => {
  const code = readBy("run");
  expect(code).toContain(HOST);
  expect(code).toMatch(STARTS_PROCESSES);
});
