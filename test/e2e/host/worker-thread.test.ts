import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { variant } from "./support/fixture.js";

it("a host in a worker thread closes no file of another thread when the thread ends", () => {
  const folder = tempDir();
  for (const id of ["one", "two", "three"]) variant(folder, "healthy-rewriter", { id });
  const program = [repo("test/e2e/host/support/host-in-thread.mjs"), folder, tempDir()];
  const { stdout, stderr } = spawnSync(process.execPath, program, { encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["3 64\n", ""]);
});
