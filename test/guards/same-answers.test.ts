import { expect, test } from "vitest";
import { decide } from "../../extensions/shell-guard/src/decide.js";
import { readSettings } from "../../extensions/shell-guard/src/settings.js";
import { makeWorld } from "../../extensions/file-guard/test/support/world.js";

const PATHS = [
  "/etc/passwd",
  "/etc/hosts",
  "/bin/sh",
  "/usr/bin/x",
  "/usr/lib/x",
  "/boot/x",
  "/etc/ssh/x",
  "/sys/x",
  "/etc/motd",
  "/var/lib/x/y",
  "/usr/share/x",
  "/dev/sda",
  "/dev/null",
  "/tmp/x",
];

test("writes to the system get one answer from both guards", async () => {
  const { judge, home, project } = makeWorld();
  const settings = readSettings({ project_root: project }, home);
  for (const path of [...PATHS, `${project}/x`]) {
    const { action } = await judge("Write", { file_path: path, content: "x" });
    expect(`${path} ${action}`).toBe(`${path} ${decide(`echo x > ${path}`, settings).verdict}`);
  }
});
