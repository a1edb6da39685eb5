import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { placeFiles } from "../../../../packages/host/src/loading/install/place-files.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

/** A folder with these files, by their paths. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = tempDir();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const all = (folder: string): string[] => (readdirSync(folder, { recursive: true }) as string[]).sort();

it(verifies("INST-045") + "files take the places of others, and nothing else is left", async () => {
  const long = "n".repeat(250);
  const from = folderOf({ a: "new", "bin/z": "z", [long]: "long" });
  const to = folderOf({ a: "old", other: "mine" });
  await placeFiles(["a", "bin/z", long], from, to);
  expect(all(to)).toEqual(["a", "bin", "bin/z", long, "other"]);
  expect(readFileSync(join(to, "a"), "utf8")).toBe("new");
});

it(verifies("INST-045") + "when one file cannot be placed, the folder is as it was", async () => {
  const from = folderOf({ a: "new", "deep/er/b": "b" });
  const to = folderOf({ a: "old", other: "mine" });
  await expect(placeFiles(["a", "deep/er/b", "missing"], from, to)).rejects.toMatchObject({ code: "ENOENT" });
  expect(all(to)).toEqual(["a", "other"]);
  expect(readFileSync(join(to, "a"), "utf8")).toBe("old");
});

it(verifies("INST-045") + "files that were exchanged already are put back", async () => {
  const from = folderOf({ a: "new", b: "new" });
  // A folder stands where the second file is to be kept meanwhile.
  const kept = `.synaps-${process.pid}-1.old`;
  const to = folderOf({ a: "old", b: "old", [`${kept}/x`]: "" });
  await expect(placeFiles(["a", "b"], from, to)).rejects.toThrow();
  expect(all(to)).toEqual([kept, `${kept}/x`, "a", "b"]);
  expect(["a", "b"].map((path) => readFileSync(join(to, path), "utf8"))).toEqual(["old", "old"]);
});
