// Writes the reference of all exports to reports/api, from the docstrings: npm run api
// TypeDoc needs a TypeScript with a JavaScript interface, which the workspace's own is not: both are installed in a folder
// of their own, on demand.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TOOLS = { typedoc: "0.28.20", typescript: "6.0.3" };

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const place = join(tmpdir(), `synaps-api-${Object.values(TOOLS).join("-")}`);
const typedoc = join(place, "node_modules", "typedoc", "bin", "typedoc");

if (!existsSync(typedoc)) {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ private: true, dependencies: TOOLS }));
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], place);
}
const entries = ["sdk", "audit", "builtins", "host", "metrics", "service"].flatMap((name) => {
  const { exports } = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  const sources = Object.values(exports).flatMap((entry) => (entry.types ? [entry.types] : []));
  return sources.map((path) =>
    join("packages", name, path.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts")),
  );
});
const options = {
  entryPoints: entries,
  tsconfig: "reports/tsconfig.json",
  out: "reports/api",
  name: "Synaps extension host",
  readme: "README.md",
  excludeInternal: true,
  disableSources: true,
  skipErrorChecking: true,
  logLevel: "Warn",
  validation: { invalidLink: false, notExported: false, notDocumented: false },
};
mkdirSync(join(root, "reports"), { recursive: true });
// One program of all packages, so that the pages of one lead to those of another.
const program = {
  extends: "../test/tsconfig.json",
  compilerOptions: {
    paths: {
      "@synaps/audit": ["../packages/audit/src/index.ts"],
      "@synaps/builtins": ["../packages/builtins/src/index.ts"],
      "@synaps/sdk": ["../packages/sdk/src/index.ts"],
      "@synaps/sdk/*": ["../packages/sdk/src/*/index.ts"],
      "@synaps/host": ["../packages/host/src/index.ts"],
    },
  },
  include: [
    "../packages/sdk/src",
    "../packages/host/src",
    "../packages/metrics/src",
    "../packages/service/src",
    "../packages/builtins/src",
  ],
};
writeFileSync(join(root, "reports", "tsconfig.json"), JSON.stringify(program));
const file = join(root, "reports", "typedoc.json");
writeFileSync(file, JSON.stringify({ ...options, basePath: root, ...absolute(options) }, null, 2));
run(process.execPath, [typedoc, "--options", file], root);
process.stdout.write("reports/api/index.html\n");

/** TypeDoc reads paths relative to its options file. */
function absolute({ entryPoints, tsconfig, out, readme }) {
  const at = (/** @type {string} */ path) => join(root, path);
  return { entryPoints: entryPoints.map(at), tsconfig: at(tsconfig), out: at(out), readme: at(readme) };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
function run(command, args, cwd) {
  const shell = process.platform === "win32";
  const { status, signal } = spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2], shell });
  if (status === 0) return;
  process.stderr.write(`api: ${command} ended with ${signal ?? status}\n`);
  process.exit(1);
}
