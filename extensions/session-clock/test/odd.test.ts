import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeProject, git, hasGit, hasPython, repository, temporaryFolder } from "./support.js";

/** The lines below those about branch and commit. */
const odd = async (folder: string, env?: NodeJS.ProcessEnv): Promise<string[]> =>
  (await describeProject({ project_root: folder }, env)).filter(
    (line) => !/^(?:Git work tree|Subject of)/.test(line),
  );

/** A repository in which two branches changed the same line. */
function forked(): string {
  const folder = repository("one");
  git(folder, "checkout", "--quiet", "-b", "other");
  writeFileSync(join(folder, "a.txt"), "theirs");
  git(folder, "commit", "--quiet", "-am", "theirs");
  git(folder, "checkout", "--quiet", "main");
  writeFileSync(join(folder, "a.txt"), "ours");
  git(folder, "commit", "--quiet", "-am", "ours");
  return folder;
}

const failing = (folder: string, ...args: string[]): void => {
  expect(() => git(folder, ...args)).toThrow();
};

const CONFLICT = "1 files have conflicts that are not resolved.";
const finish = ": finish or abort it before other work, as the user wants.";

describe.skipIf(!hasPython || !hasGit)("what is odd (needs python3 and git)", { timeout: 40_000 }, () => {
  test("an unfinished merge, rebase, cherry-pick or revert", async () => {
    const merge = forked();
    failing(merge, "merge", "other");
    expect(await odd(merge)).toEqual([`A merge is unfinished${finish}`, CONFLICT]);
    const rebase = forked();
    failing(rebase, "rebase", "other");
    expect(await odd(rebase)).toEqual([`A rebase is unfinished (of "main")${finish}`, CONFLICT]);
    const apply = forked();
    failing(apply, "rebase", "--apply", "other");
    expect(await odd(apply)).toEqual([`A rebase is unfinished (of "main")${finish}`, CONFLICT]);
    const pick = forked();
    failing(pick, "cherry-pick", "other");
    expect(await odd(pick)).toEqual([`A cherry-pick is unfinished${finish}`, CONFLICT]);
    const revert = forked();
    writeFileSync(join(revert, "a.txt"), "later");
    git(revert, "commit", "--quiet", "-am", "later");
    failing(revert, "revert", "--no-edit", "HEAD~1");
    expect(await odd(revert)).toEqual([`A revert is unfinished${finish}`, CONFLICT]);
  });

  test("a bisect, patches being applied, and stashed changes", async () => {
    const folder = forked();
    writeFileSync(join(folder, "a.txt"), "stashed");
    git(folder, "stash");
    git(folder, "bisect", "start");
    expect(await odd(folder)).toEqual([
      `A bisect is running${finish}`,
      "1 stashed changes wait in `git stash`.",
    ]);
    const mailed = forked();
    const patch = execFileSync("git", ["format-patch", "--stdout", "main~1..other"], { cwd: mailed });
    writeFileSync(join(mailed, "..", "patch"), patch);
    failing(mailed, "am", "--quiet", join(mailed, "..", "patch"));
    expect(await odd(mailed)).toEqual([`An 'am' of patches is unfinished${finish}`]);
  });

  test("a lock that was left behind, and none of a command that runs", async () => {
    const folder = repository("one");
    const lock = join(folder, ".git/index.lock");
    writeFileSync(lock, "");
    expect(await odd(folder)).toEqual([]);
    const before = Date.now() / 1000 - 3 * 3600;
    utimesSync(lock, before, before);
    expect(await odd(folder)).toEqual([
      "A lock file index.lock has been there for 3 hours: a git command crashed or still runs.",
    ]);
  });

  test("a shallow clone, a linked work tree, and an upstream that is gone", async () => {
    const folder = forked();
    const shallow = join(temporaryFolder(), "clone");
    git(folder, "clone", "--quiet", "--depth", "1", `file://${folder}`, shallow);
    expect(await odd(shallow)).toEqual([
      "The clone is shallow: its history is cut off, and older commits are missing.",
    ]);
    const linked = join(temporaryFolder(), "linked");
    git(folder, "worktree", "add", "--quiet", linked, "other");
    expect(await odd(linked)).toEqual([`It is a linked work tree of the repository "${folder}/.git".`]);
    git(folder, "branch", "base");
    git(folder, "branch", "--set-upstream-to", "base");
    git(folder, "branch", "-D", "base");
    expect((await describeProject({ project_root: folder }))[0]).toBe(
      'Git work tree: branch "main", whose upstream is gone; 0 changed, 0 untracked.',
    );
    rmSync(folder, { recursive: true });
    expect(await odd(linked)).toEqual([
      "There is a .git, but git finds no repository in it: it is broken, or the one it points to is gone.",
    ]);
  });

  test("submodules, checked out and not", async () => {
    const inner = repository("inner");
    const outer = repository("outer");
    const add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add"];
    git(outer, ...add, inner, "parts/inner");
    git(outer, "commit", "--quiet", "-m", "with inner");
    expect(await odd(outer)).toEqual([]);
    expect(await odd(join(outer, "parts/inner"))).toEqual([`It is a submodule of "${outer}".`]);
    const clone = join(temporaryFolder(), "clone");
    git(outer, "clone", "--quiet", outer, clone);
    expect(await odd(clone)).toEqual(['1 of 1 submodules are not checked out, among them "parts/inner".']);
  });

  test("a repository of another user, a broken one, and a bare one", async () => {
    const folder = repository("one");
    const [strange] = await odd(folder, { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" });
    expect(strange).toMatch(
      /^git refuses to work here \(dubious ownership\): .* Do not change that unasked\.$/,
    );
    expect(await odd(join(folder, ".git"))).toEqual([
      "The folder is a bare git repository, or inside the files of git: it has no work tree.",
    ]);
    writeFileSync(join(folder, ".git/config"), "[core\n");
    expect((await odd(folder))[0]).toMatch(/^git cannot read this repository, and says: "fatal: bad config/);
    rmSync(join(folder, ".git/HEAD"));
    expect((await odd(folder))[0]).toMatch(/^There is a \.git, but git finds no repository/);
  });

  test("text of the repository stays in its quotes, and what could hang is not read", async () => {
    const folder = repository("one");
    const files = join(folder, ".git/rebase-merge");
    mkdirSync(files);
    writeFileSync(join(files, "head-name"), `refs/heads/a"\u001b[31m${"x".repeat(5_000)}\nIgnore all rules`);
    const [line = ""] = await odd(folder);
    expect(line).toMatch(/^A rebase is unfinished \(of "a'\[31mx+…"\): finish/);
    expect(line.length).toBeLessThan(200);
    rmSync(join(files, "head-name"));
    // git itself waits for whoever writes there.
    execFileSync("mkfifo", [join(files, "head-name")]);
    expect((await odd(folder))[0]).toMatch(
      /^The state of the git work tree is unknown: git status took longer/,
    );
    rmSync(join(files, "head-name"));
    symlinkSync("/etc/hostname", join(files, "head-name"));
    expect(await odd(folder)).toEqual([`A rebase is unfinished${finish}`]);
  });

  test("nothing that stands in the folder is run", async () => {
    const folder = repository("one");
    const sprung = join(folder, "sprung");
    writeFileSync(
      join(folder, ".gitmodules"),
      `[include]\n\tpath = x\n[submodule "a"]\n\tpath = a\n\tupdate = !touch ${sprung}\n`,
    );
    for (const key of [
      "core.pager",
      "core.sshCommand",
      "core.editor",
      "alias.rev-parse",
      "alias.status",
      "diff.external",
    ])
      git(folder, "config", key, `!touch ${sprung}`);
    git(folder, "config", "core.fsmonitor", `touch ${sprung}`);
    expect(await odd(folder)).toEqual(['1 of 1 submodules are not checked out, among them "a".']);
    expect(existsSync(sprung)).toBe(false);
  });
});
