// Writes the publishable packages as tarballs to artifacts/, as a registry would get them.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pnpm } from "./pnpm.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const artifacts = join(root, "artifacts");
rmSync(artifacts, { recursive: true, force: true });
mkdirSync(artifacts);
for (const name of ["sdk", "host", "cli"]) {
  const { status } = pnpm(["pack", "--pack-destination", artifacts], join(root, "packages", name));
  if (status !== 0) process.exit(status ?? 1);
}
