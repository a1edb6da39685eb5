// Bundles each TypeScript extension into its own folder (dist/main.js), so that the folder alone is an install.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "extensions");

const folders = readdirSync(root).filter((name) => existsSync(join(root, name, "src", "main.ts")));
await Promise.all(
  folders.map((name) =>
    build({
      entryPoints: [join(root, name, "src", "main.ts")],
      outfile: join(root, name, "dist", "main.js"),
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      tsconfig: join(root, "tsconfig.json"),
      nodePaths: [join(root, "..", "node_modules")],
      legalComments: "linked",
      logLevel: "warning",
      // A bundled CommonJS dependency may still call require for a Node built-in.
      banner: {
        js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
      },
    }),
  ),
);
