import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { writeActor } from "./command.js";
import { on } from "./control.js";

test(verifies("CLI-055") + "an extension is switched off and on; the rest of the file stays", async () => {
  const base = tempDir();
  const file = join(base, "config");
  for (const id of ["actor", "other"]) writeActor(join(base, "plugins"), id);
  const state = async () =>
    (await on(base, "list")).stdout
      .split("\n")
      .flatMap((line) => /^(?:actor|other) +\S+ +(\S+)/.exec(line)?.[1] ?? []);

  expect(await on(base, "disable", "actor")).toEqual({
    code: 0,
    stdout: `Switched actor off: 'disabled_plugins' in ${file}\nHosts that run keep it until they are restarted.\n`,
    stderr: "",
  });
  expect(readFileSync(file, "utf8")).toBe("disabled_plugins = actor\n");
  expect(await state()).toEqual(["disabled", "ready"]);

  const before = "# mine\r\nmodel = x\r\ndisabled_plugins = ['other', \"gone\"]\r\n\r\nlast = 1\r\n";
  writeFileSync(file, before);
  await on(base, "disable", "actor");
  expect(readFileSync(file, "utf8")).toBe(before.replace('"gone"]', '"gone", actor]'));
  expect(await state()).toEqual(["disabled", "disabled"]);
  const json = await on(base, "enable", "actor", "--json");
  expect(JSON.parse(json.stdout)).toEqual({
    schemaVersion: 1,
    id: "actor",
    disabled: false,
    changed: true,
    file,
  });
  expect(readFileSync(file, "utf8")).toBe(before);

  // One that is not there any more can be taken from the list.
  expect((await on(base, "enable", "gone")).code).toBe(0);
  const already = await on(base, "enable", "actor");
  expect([already.code, already.stdout]).toEqual([
    0,
    `actor is switched on already: 'disabled_plugins' in ${file}\n`,
  ]);
  await on(base, "enable", "other");
  expect(readFileSync(file, "utf8")).toBe("# mine\r\nmodel = x\r\n\r\nlast = 1\r\n");
});

test(verifies("CLI-055") + "unknown ids end with 3 and the right name, and write nothing", async () => {
  const base = tempDir();
  writeActor(join(base, "plugins"));
  for (const command of ["enable", "disable"]) {
    const { code, stderr } = await on(base, command, "actr");
    expect([code, stderr.split("\n")[1]]).toEqual([3, "hint: Did you mean 'actor'?"]);
  }
  expect(existsSync(join(base, "config"))).toBe(false);
});
