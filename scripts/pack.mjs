// Writes the publishable packages as tarballs to artifacts/, or to the folder that is named, as a registry would get them.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pnpm } from "./pnpm.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const artifacts = resolve(process.argv[2] ?? join(root, "artifacts"));
rmSync(artifacts, { recursive: true, force: true });
mkdirSync(artifacts, { recursive: true });
for (const name of ["sdk", "audit", "builtins", "host", "metrics", "service", "cli"]) {
  const { status } = pnpm(["pack", "--pack-destination", artifacts], join(root, "packages", name));
  if (status !== 0) process.exit(status ?? 1);
}
