import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConsentStore } from "@synaps/host/tooling";
import { describe, expect, it } from "vitest";
import { controlFolder, controlPath } from "../../../packages/host/src/control/address.js";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

/** Another user can only be played by root. Elsewhere the modes themselves are tested, in control.test.ts. */
const canBecomeNobody = process.platform === "linux" && process.getuid?.() === 0;

interface Attempt {
  uid: number;
  socket: string;
  read: string[];
}

/** What a user without privileges gets of a host's socket and files. The way to them is made open first. */
async function attempt(prepare: (baseDir: string) => void = () => {}): Promise<Attempt> {
  const baseDir = tempDir();
  chmodSync(baseDir, 0o755);
  const { host } = await startedHost([], { baseDir, control: true });
  const store = new ConsentStore(baseDir);
  await store.write(new Map());
  // So that what is tested is the folder's and the files' own protection, not that of a folder above them.
  for (const path of [join(baseDir, "extensions")]) chmodSync(path, 0o755);
  prepare(baseDir);
  const script = join(tempDir(), "try.mjs");
  copyFileSync(repo("test/fixtures/control/try-as-nobody.mjs"), script);
  chmodSync(dirname(script), 0o755);
  const out = execFileSync(
    process.execPath,
    [script, controlPath(baseDir, process.pid), `${controlFolder(baseDir)}/`, store.path],
    { encoding: "utf8", cwd: "/" },
  );
  await host.stop();
  return JSON.parse(out) as Attempt;
}

describe.skipIf(!canBecomeNobody)("a user without privileges", () => {
  it(verifies("FAIL-034") + "reaches neither the socket nor the records", async () => {
    expect(await attempt()).toEqual({ uid: 65534, socket: "EACCES", read: ["EACCES", "EACCES"] });
  });

  it(verifies("FAIL-034") + "would reach them if they were not protected: this test can fail", async () => {
    const open = await attempt((baseDir) => {
      chmodSync(controlFolder(baseDir), 0o755);
      chmodSync(controlPath(baseDir, process.pid), 0o666);
      chmodSync(join(baseDir, "extensions", "lock.json"), 0o644);
    });
    expect(open).toEqual({ uid: 65534, socket: "ok", read: ["ok", "ok"] });
  });
});
