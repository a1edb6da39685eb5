import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownPlaces } from "@synaps/guards/paths";
import { expect, onTestFinished, test } from "vitest";
import { decide } from "../src/decide.js";
import { decideWithLinks } from "../src/links.js";
import { readSettings } from "../src/settings.js";

/** A home with a project in it, which has these links. Judges a command in the project, links followed. */
function projectWith(links: Readonly<Record<string, string>>): (command: string) => Promise<string> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "shell-guard-")));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const [home, project] = [join(top, "home"), join(top, "home/work/app")];
  for (const folder of [".synaps-cli/plugins/shell-guard", "photos", "work/app/src"])
    mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, "photos/one.jpg"), "");
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(project, name));
  const settings = readSettings({ project_root: project }, home);
  return async (command) =>
    (await decideWithLinks(settings, (place) => decide(command, place, project))).verdict;
}

test("what is written or deleted is judged where its links lead", async () => {
  const judge = projectWith({
    guard: "../../.synaps-cli/plugins/shell-guard",
    config: "../../.synaps-cli/plugins/shell-guard/config",
    photos: "../../photos",
    again: "photos",
    here: "src",
  });
  expect(await judge("echo 'mode = log' > guard/config")).toBe("block");
  // A link whose target is not there yet.
  expect(await judge("echo 'mode = log' > config")).toBe("block");
  expect(await judge("rm -rf photos/*")).toBe("block");
  expect(await judge("rm -rf again/*")).toBe("block");
  expect(await judge("rm photos/one.jpg")).toBe("confirm");
  // The link goes, and not what it leads to.
  expect(await judge("rm photos")).toBe("continue");
  expect(await judge("rm -rf here/*")).toBe("continue");
  expect(await judge("echo x > here/new.ts")).toBe("continue");
});

test("a link to the guard's files is not made", async () => {
  const judge = projectWith({});
  for (const command of [
    "ln -s ~/.synaps-cli/plugins/shell-guard new && echo x > new/config",
    "ln ~/.synaps-cli/plugins/shell-guard/config mine",
    "cp -l ~/.synaps-cli/plugins/shell-guard/config mine",
    "sudo mount --bind ~/.synaps-cli here",
  ])
    expect(await judge(command), command).toBe("block");
  expect(await judge("ln -s ../src/main.ts bin/app")).toBe("continue");
  expect(await judge("cp ~/.synaps-cli/plugins/shell-guard/config /tmp/copy")).toBe("continue");
});

test("a base that is a link counts by its name and by where it leads", async () => {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "shell-guard-")));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const [home, project, data] = [join(top, "home"), join(top, "home/app"), join(top, "data/x")];
  for (const folder of [project, join(data, "plugins/shell-guard"), join(top, "other/plugins/shell-guard")])
    mkdirSync(folder, { recursive: true });
  symlinkSync(data, join(home, ".synaps-cli"));
  symlinkSync(join(top, "other"), join(top, "base"));
  writeFileSync(join(top, "data/settings"), "");
  symlinkSync("../../../settings", join(data, "plugins/shell-guard/config"));
  const settings = {
    ...readSettings({ project_root: project }, home),
    ...ownPlaces(join(top, "base/plugins/shell-guard"), home),
  };
  const judge = async (command: string): Promise<string | undefined> =>
    (await decideWithLinks(settings, (place) => decide(command, place, project))).findings[0]?.rule;
  for (const path of [
    "~/.synaps-cli/plugins/shell-guard/config",
    "~/.synaps-cli/plugins/other/config",
    `${data}/plugins/shell-guard/new`,
    `${top}/base/plugins/shell-guard/config`,
    `${top}/other/plugins/shell-guard/config`,
    `${top}/other/host.toml`,
  ])
    expect(await judge(`echo 'mode = log' >> ${path}`), path).toBe("guard-files");
  expect(await judge(`echo x > ${top}/data/notes`)).not.toBe("guard-files");
});

test("links in a circle, and more files than can be looked up, are a question", async () => {
  const judge = projectWith({ round: "about", about: "round" });
  expect(await judge("echo x > round/file")).toBe("confirm");
  const many = Array.from({ length: 1_100 }, (_, n) => `build/${n}.o`).join(" ");
  expect(await judge(`rm -f ${many}`)).toBe("confirm");
});

test("a project and a home that are reached by a link keep their names", async () => {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "shell-guard-")));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  mkdirSync(join(top, "data/app/src"), { recursive: true });
  mkdirSync(join(top, "home"));
  symlinkSync("../data/app", join(top, "home/app"));
  const project = join(top, "home/app");
  const settings = readSettings({ project_root: project }, join(top, "home"));
  const judge = async (command: string): Promise<string> =>
    (await decideWithLinks(settings, (place) => decide(command, place, project))).verdict;
  expect(await judge("rm -rf src/* && echo x > src/new.ts")).toBe("continue");
  expect(await judge("rm -rf ../other")).toBe("block");
});
