import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { changeFile, replaceFile } from "../../../../packages/host/src/loading/records/change-file.js";
import { ownLockText } from "../../../../packages/host/src/loading/records/lock-owner.js";
import { placeOf } from "../../../../packages/host/src/loading/records/place.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

describe("a file under the base folder", () => {
  it("is changed in the order in which changes are asked for", async () => {
    const baseDir = tempDir();
    const path = join(baseDir, "list");
    const texts = Array.from({ length: 10 }, (_, n) => String(n));
    await Promise.all(
      texts.map((text) => changeFile({ baseDir, path }, (old = Buffer.alloc(0)) => old + text)),
    );
    expect(readFileSync(path, "utf8")).toBe(texts.join(""));
  });

  it(verifies("REC-006") + "is not reached through a link of a folder out of the base folder", async () => {
    const [baseDir, outside] = [tempDir(), tempDir()];
    symlinkSync(outside, join(baseDir, "extensions"));
    for (const path of [join(baseDir, "extensions", "lock.json"), join(baseDir, "config")])
      await expect(changeFile({ baseDir, path }, () => "text")).rejects.toMatchObject({
        code: "FILE_NOT_WRITTEN",
        message: expect.stringContaining(`is a link to '${outside}', out of`),
      });
    expect(readdirSync(outside)).toEqual([]);
  });

  it(verifies("REC-006") + "may have a base folder that is a link itself", async () => {
    const [folder, parent] = [tempDir(), tempDir()];
    const baseDir = join(parent, "base");
    symlinkSync(folder, baseDir);
    await changeFile({ baseDir, path: join(baseDir, "a", "b") }, () => "text");
    expect(readFileSync(join(folder, "a", "b"), "utf8")).toBe("text");
    expect(await placeOf(folder, join(folder, "a", "b"))).toEqual(
      await placeOf(baseDir, join(baseDir, "a", "b")),
    );
  });

  it.each([
    [
      "a link to nothing",
      (path: string) => symlinkSync(join(dirname(path), "gone"), path),
      "a link to nothing",
    ],
    ["a folder", (path: string) => mkdirSync(path), "is not a file"],
    ["a file too large", (path: string) => writeFileSync(path, "x".repeat(11)), "larger than 10 bytes"],
  ])(verifies("REC-009") + "that is %s is named and left alone", async (_, make, words) => {
    const baseDir = tempDir();
    const path = join(baseDir, "file");
    make(path);
    const before = readdirSync(baseDir);
    await expect(changeFile({ baseDir, path, mostBytes: 10 }, () => "text")).rejects.toThrow(words);
    expect(readdirSync(baseDir).filter((name) => name !== "extensions")).toEqual(before);
  });

  it(verifies("REC-007") + "that would grow too large stays as it was", async () => {
    const baseDir = tempDir();
    const path = join(baseDir, "file");
    const change = changeFile({ baseDir, path, mostBytes: 10 }, () => "x".repeat(11));
    await expect(change).rejects.toThrow("it would have 11 bytes, and may have 10");
    await expect(replaceFile({ baseDir, path, mostBytes: 1 }, "xx")).rejects.toThrow("may have 1");
    expect(readdirSync(baseDir)).toEqual(["extensions"]);
  });

  it(
    verifies("REC-008") + "has its half-written copies removed after the death of their writer",
    async () => {
      const baseDir = tempDir();
      const path = join(baseDir, "file");
      const { lock } = await placeOf(baseDir, path);
      const { pid } = spawnSync(process.execPath, ["-e", ""]);
      writeFileSync(lock, JSON.stringify({ ...JSON.parse(await ownLockText()), pid }));
      for (const name of [`.file-${pid}-77.tmp`, ".file-mine.tmp", "other.tmp"])
        writeFileSync(join(baseDir, name), "half");
      await changeFile({ baseDir, path }, () => "whole");
      expect(readdirSync(baseDir)).toEqual([".file-mine.tmp", "extensions", "file", "other.tmp"]);
    },
  );

  it(
    verifies("REC-009") + "stands in a folder, or the error says which part of its path is none",
    async () => {
      const baseDir = join(tempDir(), "file");
      writeFileSync(baseDir, "");
      await expect(changeFile({ baseDir, path: join(baseDir, "a") }, () => "text")).rejects.toMatchObject({
        message: expect.stringMatching(/cannot be written: a part of the path is not a folder/),
        hint: expect.stringContaining("Nothing was changed"),
      });
      const [folder, path] = [join(dirname(baseDir), "base"), join(dirname(baseDir), "b")];
      await expect(changeFile({ baseDir: folder, path }, () => "x")).rejects.toThrow("is not under");
    },
  );
});

const MOUNTS = ["-rm", "sh", "-c"];
const mayMount = spawnSync("unshare", [...MOUNTS, "mount -t tmpfs tmpfs /mnt"]).status === 0;

it.runIf(mayMount)(
  verifies("REC-009") + "a full disk and a read-only one are named, and what was acknowledged is there",
  () => {
    const module = repo("packages/host/dist/loading/records/change-file.js");
    const program = `
import { readFileSync, readdirSync } from "node:fs";
const { changeFile } = await import(process.argv[1]);
const [baseDir, path] = ["/mnt", "/mnt/extensions/file"];
let written = 0;
const grow = async () => {
  for (;;) {
    await changeFile({ baseDir, path }, (old = "") => old + "x".repeat(999) + "\\n");
    written += 1;
  }
};
const { code, message } = await grow().catch((error) => error);
const lines = readFileSync(path, "utf8").split("\\n").length - 1;
console.log(JSON.stringify({ code, message, lost: written - lines, left: readdirSync("/mnt/extensions") }));`;
    const run = `node --input-type=module -e '${program}' ${module}`;
    const script = `mount -t tmpfs -o size=64k tmpfs /mnt && ${run} && mount -o remount,ro /mnt && ${run.replace("written = 0", 'written = readFileSync(path, "utf8").split("\\n").length - 1')}`;
    const { stdout, stderr } = spawnSync("unshare", [...MOUNTS, script], { encoding: "utf8" });
    expect(stderr).toBe("");
    const said = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const kept = { code: "FILE_NOT_WRITTEN", lost: 0, left: ["file", "locks"] };
    expect(said).toEqual([
      { ...kept, message: expect.stringContaining("the disk is full") },
      { ...kept, message: expect.stringContaining("the file system is read-only") },
    ]);
  },
);
