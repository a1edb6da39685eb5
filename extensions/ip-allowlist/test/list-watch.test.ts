import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ListWatch } from "../src/list-watch.js";

test("a file that is still being written is not reported before it stood still for one look", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ip-allowlist-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "list.txt");
  let changes = 0;
  const watch = new ListWatch(file, () => Promise.resolve(void (changes += 1)));
  writeFileSync(file, "10.0.0.1");
  await watch.begin();
  await watch.look();
  const looks: number[] = [];
  for (const text of ["10.0.0.0/2", "10.0.0.0/24", "10.0.0.0/24\n10.0.0.1"]) {
    writeFileSync(file, text);
    await watch.look();
    looks.push(changes);
  }
  for (let n = 0; n < 3; n += 1) await watch.look();
  expect([looks, changes]).toEqual([[0, 0, 0], 1]);
});
