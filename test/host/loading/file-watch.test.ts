import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemClock } from "@synaps/host";
import { expect, it, onTestFinished } from "vitest";
import { FileWatch } from "../../../packages/host/src/loading/file-watch.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

it(
  verifies("CFG-030") +
    "a file is followed through being made, written, replaced, removed, and its folder too",
  async () => {
    const base = tempDir();
    const path = join(base, "plugins", "mine", "config");
    let heard = 0;
    const watch = new FileWatch(path, systemClock, () => (heard += 1));
    onTestFinished(() => watch.close());
    const after = async (what: string, change: () => void): Promise<void> => {
      const before = heard;
      change();
      await until(`it heard that the ${what}`, () => heard > before);
    };
    await after("folder above was made", () => mkdirSync(join(base, "plugins")));
    await after("folder and file were made", () => {
      mkdirSync(dirname(path));
      writeFileSync(path, "a = 1\n");
    });
    await after("file was written", () => writeFileSync(path, "a = 2\n"));
    await after("file was replaced", () => {
      writeFileSync(`${path}.new`, "a = 3\n");
      renameSync(`${path}.new`, path);
    });
    await after("file was replaced again", () => {
      writeFileSync(`${path}.new`, "a = 4\n");
      renameSync(`${path}.new`, path);
    });
    await after("file was removed", () => rmSync(path));
    await after("file came back", () => writeFileSync(path, "a = 5\n"));
    await after("folder was replaced", () => {
      renameSync(dirname(path), join(base, "plugins", "old"));
      mkdirSync(dirname(path));
      writeFileSync(path, "a = 6\n");
    });
    await after("file in the new folder was written", () => writeFileSync(path, "a = 7\n"));
    await after("folder was removed", () => rmSync(dirname(path), { recursive: true }));
    await after("folder came back", () => {
      mkdirSync(dirname(path));
      writeFileSync(path, "a = 8\n");
    });
  },
);

it(
  verifies("CFG-031") + "many writes in a row are one change, and other files of the folder none",
  async () => {
    const path = join(tempDir(), "config");
    let heard = 0;
    const watch = new FileWatch(path, systemClock, () => (heard += 1));
    onTestFinished(() => watch.close());
    for (let n = 0; n < 100; n += 1) writeFileSync(join(dirname(path), `log-${n}`), "x");
    for (let n = 0; n < 100; n += 1) writeFileSync(path, `a = ${n}\n`);
    await until("it heard of them", () => heard > 0);
    expect(heard).toBeLessThan(20);
  },
);

it(verifies("CFG-030") + "a file behind a link is followed, and so is the link", async () => {
  const [base, elsewhere] = [tempDir(), tempDir()];
  const path = join(base, "config");
  writeFileSync(join(elsewhere, "one"), "a = 1\n");
  writeFileSync(join(elsewhere, "two"), "a = 2\n");
  symlinkSync(join(elsewhere, "one"), path);
  let heard = 0;
  const watch = new FileWatch(path, systemClock, () => (heard += 1));
  onTestFinished(() => watch.close());
  const after = async (what: string, change: () => void): Promise<void> => {
    const before = heard;
    change();
    await until(`it heard that the ${what}`, () => heard > before);
  };
  await after("target was written", () => writeFileSync(join(elsewhere, "one"), "a = 3\n"));
  await after("link was replaced", () => {
    symlinkSync(join(elsewhere, "two"), `${path}.new`);
    renameSync(`${path}.new`, path);
  });
  await after("new target was replaced", () => {
    writeFileSync(join(elsewhere, "new"), "a = 4\n");
    renameSync(join(elsewhere, "new"), join(elsewhere, "two"));
  });
});
