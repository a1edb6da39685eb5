// Puts the bundled extensions beside the command for the time of packing, without sources and tests.
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const staged = join(root, "packages", "cli", "extensions");
const LEFT_OUT = ["src", "test", "corpus", "data", "cache", "logs", "config", "node_modules", "__pycache__"];

rmSync(staged, { recursive: true, force: true });
if (!process.argv.includes("--remove")) {
  for (const name of readdirSync(join(root, "extensions"))) {
    const folder = join(root, "extensions", name);
    if (!existsSync(join(folder, ".synaps-plugin", "plugin.json"))) continue;
    if (existsSync(join(folder, "src")) && !existsSync(join(folder, "dist", "main.js"))) {
      process.stderr.write(`stage-extensions: ${name} is not built: run npm run build first\n`);
      process.exit(1);
    }
    const filter = (path) => path === folder || !LEFT_OUT.includes(basename(path));
    cpSync(folder, join(staged, name), { recursive: true, filter });
  }
}
