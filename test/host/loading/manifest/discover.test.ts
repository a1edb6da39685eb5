import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { discover, isInert } from "../../../../packages/host/src/loading/manifest/discover.js";
import {
  resolveArg,
  resolveCommand,
} from "../../../../packages/host/src/loading/manifest/resolve-command.js";
import { expect, it } from "vitest";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

const NOTHING = { runtime: "process", command: "true", permissions: ["tools.register"] };

const ids = async (folder: string): Promise<string[]> =>
  (await discover(folder, "named", false)).map(({ id }) => id);

it(verifies("DISC-001") + "candidates are sorted by folder name, byte for byte", async () => {
  const folder = tempDir();
  for (const id of ["b", "a10", "a9", "Z", "é", "_", "a"]) writeExtension(folder, id, NOTHING);
  expect(await ids(folder)).toEqual(["Z", "_", "a", "a10", "a9", "b", "é"]);
});

it(verifies("DISC-002") + "names that mark a copy put aside are left alone", async () => {
  const folder = tempDir();
  const inert = [
    "x.backup.1",
    "x.backup",
    "x.update-backup",
    "x.bak",
    "x.disabled",
    "x.OLD",
    "x.orig",
    "x.tmp",
    "x.Temp",
  ];
  const fine = ["backup", "x.backups", "x-old", "temp", "x.bak.now"];
  for (const id of [...inert, ...fine]) writeExtension(folder, id, NOTHING);
  expect(await ids(folder)).toEqual([...fine].sort());
  expect(inert.filter((name) => !isInert(name))).toEqual([]);
});

it(
  verifies("DISC-003") + "folders without a manifest and plain files are skipped, deeper ones not searched",
  async () => {
    const folder = tempDir();
    mkdirSync(join(folder, "empty"));
    mkdirSync(join(folder, "half", ".synaps-plugin"), { recursive: true });
    writeExtension(join(folder, "nested"), "inner", NOTHING);
    writeExtension(folder, "real", NOTHING);
    expect(await ids(folder)).toEqual(["real"]);
  },
);

it(verifies("DISC-004") + "a folder that is itself an extension yields itself, by its own name", async () => {
  const root = writeExtension(tempDir(), "alone", NOTHING);
  expect(await ids(root)).toEqual(["alone"]);
  expect(await ids(`${root}/`)).toEqual(["alone"]);
});

it(verifies("DISC-015") + "the user's and the project's folder are no extension themselves", async () => {
  const root = writeExtension(tempDir(), "plugins", NOTHING);
  writeExtension(root, "real", NOTHING);
  for (const origin of ["user", "project"] as const)
    expect((await discover(root, origin, true)).map(({ id }) => id)).toEqual(["real"]);
  expect(await ids(root)).toEqual(["plugins"]);
});

it(verifies("DISC-005") + "a linked folder counts like a real one", async () => {
  const folder = tempDir();
  symlinkSync(writeExtension(tempDir(), "somewhere", NOTHING), join(folder, "linked"));
  expect(await ids(folder)).toEqual(["linked"]);
});

it(
  verifies("DISC-006") + "a named folder that is not there is an error, an optional one is empty",
  async () => {
    const absent = join(tempDir(), "absent");
    await expect(discover(absent, "named", false)).rejects.toMatchObject({ code: "FOLDER_NOT_FOUND" });
    expect(await discover(absent, "user", true)).toEqual([]);
  },
);

it(verifies("MAN-024") + "a command is absolute, found on PATH, or inside the extension's folder", () => {
  expect(resolveCommand("/usr/bin/env", "/x")).toBe("/usr/bin/env");
  expect(resolveCommand(" node ", "/x")).toBe("node");
  expect(resolveCommand("bin/run", "/x/ext")).toBe("/x/ext/bin/run");
  expect(resolveCommand("./run", "/x/ext")).toBe("/x/ext/run");
});

it(
  verifies("MAN-025") + "an argument that names something in the folder becomes its real path, others stay",
  () => {
    const parent = tempDir();
    const root = writeExtension(parent, "ext", NOTHING, { "main.py": "", "lib/deep.js": "" });
    writeExtension(parent, "sibling", NOTHING, { "secret.txt": "" });
    const real = realpathSync(root);
    expect(resolveArg("main.py", root)).toBe(join(real, "main.py"));
    expect(resolveArg("lib/../lib/deep.js", root)).toBe(join(real, "lib", "deep.js"));
    for (const arg of ["absent.py", "--flag", "../sibling/secret.txt", "", "a\0b"])
      expect(resolveArg(arg, root)).toBe(arg);
  },
);
