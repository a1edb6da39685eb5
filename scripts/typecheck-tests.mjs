// Type-checks what `tsc -b` does not build: tests, the sources and tests of the bundled extensions, and the programs
// in plain JavaScript: scripts, the benchmark, chaos and fuzzing.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
for (const project of ["test", "extensions", "scripts"]) {
  const args = [
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "-p",
    join(root, project, "tsconfig.json"),
  ];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
