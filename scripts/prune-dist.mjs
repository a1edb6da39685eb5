// Deletes from the packages' dist what no source makes any more: the compiler leaves it, and it would be packed.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = join(dirname(fileURLToPath(import.meta.url)), "..", "packages");
const MADE = /\.(?:js|d\.ts)(?:\.map)?$/;

for (const name of readdirSync(packages)) {
  const dist = join(packages, name, "dist");
  if (!existsSync(dist)) continue;
  for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    const isMade = MADE.test(path);
    if (isMade && !existsSync(join(packages, name, "src", path.replace(MADE, ".ts"))))
      rmSync(join(dist, path));
  }
}
