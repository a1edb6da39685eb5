import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Projects } from "@synaps/guards/paths";
import { createHarness, events } from "@synaps/sdk/testing";
import { expect, onTestFinished, test } from "vitest";
import type { JsonValue } from "@synaps/sdk";
import { makeShellGuard } from "../src/extension.js";

/** A folder with the given folders below it. */
function tree(...folders: string[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "shell-guard-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  return root;
}

test("the nearest folder with a marker is the project, and without one the folder itself", () => {
  const root = tree("a/.git", "a/src/deep", "a/nested/.synaps", "b/.synaps-project/x", "c/d");
  const projects = new Projects("/home/me");
  expect(projects.rootOf(join(root, "a/src/deep"))).toBe(join(root, "a"));
  expect(projects.rootOf(join(root, "a/.git/hooks"))).toBe(join(root, "a"));
  expect(projects.rootOf(join(root, "a/nested"))).toBe(join(root, "a/nested"));
  expect(projects.rootOf(join(root, "b/gone/elsewhere"))).toBe(join(root, "b"));
  expect(projects.rootOf(join(root, "c/d"))).toBe(join(root, "c/d"));
});

test("a repository in a home makes no project of what is below, and no folder above projects is one", () => {
  const above = tree("homes/.git", "homes/me/.git", "homes/me/work/app");
  const home = join(above, "homes/me");
  const projects = new Projects(home);
  expect(projects.rootOf(join(home, "work/app"))).toBe(join(home, "work/app"));
  for (const folder of [home, join(above, "homes"), tmpdir(), "/", "/etc/nginx", "/home/other", "/srv"])
    expect(projects.rootOf(folder)).toBeNull();
  expect(projects.rootOf("/usr/src/app")).toBe("/usr/src/app");
  expect(projects.rootOf(`${home}/x${"/y".repeat(2_000)}`)).toMatch(/\/y$/);
});

test("what was found is kept for 5 s, of at most 256 folders", () => {
  const root = tree("a/src");
  let now = 0;
  const projects = new Projects(null, () => now);
  const sources = join(root, "a/src");
  expect(projects.rootOf(sources)).toBe(sources);
  mkdirSync(join(root, "a/.git"));
  now = 4_999;
  expect(projects.rootOf(sources)).toBe(sources);
  now = 5_000;
  expect(projects.rootOf(sources)).toBe(join(root, "a"));
  rmSync(join(root, "a/.git"), { recursive: true });
  for (let n = 0; n < 255; n += 1) projects.rootOf(join(root, `x${n}`));
  expect(projects.rootOf(sources)).toBe(join(root, "a"));
  for (let n = 0; n < 256; n += 1) projects.rootOf(join(root, `z${n}`));
  expect(projects.rootOf(sources)).toBe(sources);
});

test("each event is judged in the folder that it names, however sessions mix, and never in that of the guard's process", async () => {
  const root = tree("own/.git", "a/.git", "a/src", "b/.git", "b/src");
  const harness = await createHarness(makeShellGuard({ home: homedir(), base: null, own: null }), {
    config: { project_root: join(root, "own") },
  });
  const says = async (command: string, data: JsonValue, input: object = {}): Promise<string> => {
    const tool_input = { command, ...input };
    return (await harness.send(events.before_tool_call({ tool_name: "bash", tool_input, data }))).action;
  };
  const at = (folder: string, agent = "codex") => ({ agent, cwd: join(root, folder) });

  // The other's project lies in a temporary folder, so that only the own one is refused.
  const mixed = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? "a" : "b"));
  const answers = await Promise.all(mixed.map((name) => says(`rm -rf ${root}/a`, at(`${name}/src`))));
  expect(answers).toEqual(mixed.map((name) => (name === "a" ? "block" : "continue")));
  expect(await says("rm -rf ..", at("a/src"))).toBe("block");
  expect(await says("rm -rf ..", at("b"))).toBe("confirm");
  expect(await says(`rm -rf ${root}/own`, null)).toBe("block");
  expect(await says(`rm -rf ${root}/own`, at("a"))).toBe("continue");

  // A folder of the tool's input is more exact than that of the event.
  expect(await says("rm -rf .", at("a/src"), { cwd: "deep/.." })).toBe("continue");
  expect(await says("rm -rf .", at("a/src"), { workdir: join(root, "a") })).toBe("block");
  expect(await says("rm -rf log", at("a"), { dir_path: "/var" })).toBe("block");
  // An agent's folder has a relative `dir_path` in it; that of a program has not.
  expect(await says("rm -rf ..", at("a/src", "gemini"), { dir_path: "src" })).toBe("block");
  expect(await says("rm -rf ../..", { cwd: join(root, "a") }, { dir_path: "src/deep" })).toBe("block");

  // Nothing is known of a folder that cannot be meant, and certainly not the guard's own.
  for (const cwd of ["own", 7, "/a\0", `/${"a".repeat(4096)}`, ["/"]])
    expect(await says(`rm -rf ${root}/own`, { cwd })).toBe("continue");
  expect(await says("rm -rf /srv/x/y", { agent: "codex" })).toBe("confirm");
  await harness.stop();
});
