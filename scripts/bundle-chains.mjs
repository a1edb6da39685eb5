// Bundles the property test of chains with the sources of the host, so that scripts can run it without Vitest.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Writes the bundle. `fault`: one replacement of text in one source file, which the bundle gets instead. */
export async function bundleChains(outfile, fault) {
  const { warnings } = await build({
    entryPoints: [join(root, "test/properties/chains/main.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outfile,
    logLevel: "error",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    plugins: [sourcesOfSdk, ...(fault ? [faulty(fault)] : [])],
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"));
}

/** The sources, not what was built of them. */
const sourcesOfSdk = {
  name: "sources-of-sdk",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^@synaps\/sdk\// }, ({ path }) => ({
      path: join(root, "packages/sdk/src", path.slice("@synaps/sdk/".length), "index.ts"),
    })),
};

function faulty({ file, find, replace }) {
  const source = readFileSync(join(root, file), "utf8");
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`${file} has the text to change ${times} times: ${find}`);
  if (find === replace) throw new Error(`the fault in ${file} changes nothing`);
  const contents = source.replace(find, () => replace);
  return {
    name: "faulty",
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        path === join(root, file) ? { contents, loader: "ts" } : undefined,
      ),
  };
}
