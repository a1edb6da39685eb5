import { fileURLToPath } from "node:url";
import { mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

interface ChangedLine {
  file: string;
  find: string;
  replace: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const told = process.env["SYNAPS_CHANGED_LINE"];
const changed = told === undefined ? undefined : (JSON.parse(told) as ChangedLine);

/** Changes one line of a source while it is read, so that no file has to be put back. */
const plugin = {
  name: "one-changed-line",
  enforce: "pre" as const,
  transform(code: string, id: string) {
    if (!changed || id.split("?")[0] !== `${root}${changed.file}`) return undefined;
    return { code: code.replace(changed.find, () => changed.replace), map: null };
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
