import { fileURLToPath } from "node:url";
import { mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

interface Change {
  file: string;
  find: string;
  replace: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const changes = JSON.parse(process.env["SYNAPS_CHANGES"] ?? "[]") as readonly Change[];

/** Changes sources while they are read, so that no file has to be put back. */
const plugin = {
  name: "changed-sources",
  enforce: "pre" as const,
  transform(code: string, id: string) {
    const own = changes.filter(({ file }) => id.split("?")[0] === `${root}${file}`);
    if (own.length === 0) return undefined;
    const made = own.reduce((text, { find, replace }) => text.replace(find, () => replace), code);
    return { code: made, map: null };
  },
};

// Any test files, one run for each change: `scripts/seeds.mjs` says which.
const config = mergeConfig(base, {});
const { projects: _, ...test } = config.test ?? {};
export default {
  ...config,
  root,
  plugins: [plugin],
  test: { ...test, include: ["test/**/*.test.ts", "extensions/*/test/**/*.test.ts"], globalSetup: [] },
};
