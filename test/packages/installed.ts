import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { afterAll } from "vitest";
import { packed } from "../e2e/docs/packed.js";
import { repo } from "../helpers/paths.js";

export const PACKAGES = ["sdk", "audit", "builtins", "host", "metrics", "service", "cli"] as const;
export type PackageName = (typeof PACKAGES)[number];

export interface PackageJson {
  name: string;
  exports: Record<string, unknown>;
  dependencies?: Record<string, string>;
  repository?: unknown;
  bin?: Record<string, string>;
}

/**
 * A folder outside of the workspace in which the packed packages are installed, for all tests of a file. Their own
 * dependencies are those of the workspace, so that no registry is asked. The path has spaces and letters beyond ASCII.
 */
export async function installed(): Promise<{ root: string; files: Record<PackageName, string[]> }> {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "synaps packed \u00e4\u00df-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  const root = join(scratch, "project");
  const artifacts = join(await packed(), "artifacts");
  const files = Object.fromEntries(PACKAGES.map((name) => [name, install(name, artifacts, root)]));
  cpSync(repo("extensions/shell-guard"), join(root, "extensions", "shell-guard"), { recursive: true });
  return { root, files: files as Record<PackageName, string[]> };
}

export function packageJson(root: string, name: PackageName): PackageJson {
  return JSON.parse(
    readFileSync(join(root, "node_modules/@synaps", name, "package.json"), "utf8"),
  ) as PackageJson;
}

/** Runs a program of the folder and returns its standard output; fails if the program does. */
export function node(root: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, SYNAPS_BASE_DIR: join(root, "base") },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Unpacks the tarball of a package, links what it depends on, and returns the paths in the tarball. */
function install(name: PackageName, artifacts: string, root: string): string[] {
  const to = join(root, "node_modules", "@synaps", name);
  mkdirSync(to, { recursive: true });
  const tarball = readdirSync(artifacts).find((file) => file.startsWith(`synaps-${name}-`));
  execFileSync("tar", ["-xzf", join(artifacts, tarball ?? ""), "-C", to, "--strip-components", "1"]);
  for (const dependency of Object.keys(packageJson(root, name).dependencies ?? {})) {
    if (dependency.startsWith("@synaps/")) continue;
    const link = join(root, "node_modules", dependency);
    rmSync(link, { force: true });
    symlinkSync(realpathSync(repo(`packages/${name}/node_modules/${dependency}`)), link);
  }
  return readdirSync(to, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(to, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
}
