import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { FileWatch } from "../../../../packages/host/src/loading/host-config/file-watch.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";

async function watched(content = "") {
  const path = join(tempDir(), "host.toml");
  if (content !== "") writeFileSync(path, content);
  const clock = new FakeClock();
  const told = { changes: 0 };
  const watch = new FileWatch({
    paths: [path, `${path}.json`],
    clock,
    everyMs: 1_000,
    onChange: () => void (told.changes += 1),
  });
  watch.start();
  onTestFinished(() => watch.stop());
  /** Lets looks happen, each of which asks the file system. */
  const look = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      await until("the next look is planned", () => clock.armed === 1);
      await clock.pass(1_000);
    }
    await until("the look has ended", () => clock.armed === 1);
  };
  await look(2);
  expect(told.changes).toBe(1);
  told.changes = 0;
  return { path, told, look, watch, clock };
}

it("tells of a file that comes, changes, is replaced and goes, once each", async () => {
  const { path, told, look } = await watched();
  await look(3);
  expect(told.changes).toBe(0);
  writeFileSync(path, "a = 1");
  await look(3);
  expect(told.changes).toBe(1);
  writeFileSync(path, "a = 2");
  await look(3);
  expect(told.changes).toBe(2);
  writeFileSync(`${path}.new`, "a = 2");
  renameSync(`${path}.new`, path);
  await look(3);
  expect(told.changes).toBe(3);
  rmSync(path);
  await look(3);
  expect(told.changes).toBe(4);
});

it("leaves a file alone while it is being written", async () => {
  const { path, told, look } = await watched("");
  for (let n = 1; n < 6; n += 1) {
    writeFileSync(path, "x".repeat(n));
    await look(1);
  }
  expect(told.changes).toBe(0);
  await look(1);
  expect(told.changes).toBe(1);
});

it("notices a change of the file's permissions, which may let it be read at last", async () => {
  const { path, told, look } = await watched("a");
  chmodSync(path, 0o600);
  await look(2);
  expect(told.changes).toBe(1);
});

it("tells of nothing after it was stopped, also in the middle of a look", async () => {
  const { path, told, watch, clock } = await watched("a");
  writeFileSync(path, "b");
  await until("a look is planned", () => clock.armed === 1);
  const looking = clock.pass(1_000);
  watch.stop();
  await looking;
  await clock.pass(10_000);
  expect(told.changes).toBe(0);
  expect(clock.armed).toBe(0);
});
