import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findProjectExtensions } from "../../../../packages/host/src/loading/config/project-root.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

function folders(...paths: string[]): string {
  const top = realpathSync(tempDir());
  for (const path of paths) mkdirSync(join(top, path), { recursive: true });
  return top;
}

it(verifies("DISC-016") + "the nearest folder above counts, a link's real one included", () => {
  const top = folders("p/.synaps/plugins", "p/in/.synaps/plugins", "p/in/a/b", "p/c");
  symlinkSync(join(top, "p", "in", "a"), join(top, "link"));
  const found = (from: string) => findProjectExtensions(join(top, from));
  const outer = join(top, "p/.synaps/plugins");
  const inner = join(top, "p/in/.synaps/plugins");
  expect(["p", "p/c", "p/in", "p/in/a/b", "link"].map(found)).toEqual([outer, outer, inner, inner, inner]);
});

it(verifies("DISC-016") + "without any, the path is the one right below", () => {
  const top = folders("a");
  expect(findProjectExtensions(join(top, "a"))).toBe(join(top, "a", ".synaps", "plugins"));
  expect(findProjectExtensions(join(top, "absent"))).toBe(join(top, "absent", ".synaps", "plugins"));
});

it(verifies("DISC-016") + "the search ends at the project's root, and before the home folder", () => {
  const top = folders(".synaps/plugins", "p/.git", "p/a", "q/b", "r/.synaps");
  writeFileSync(join(top, "r", ".synaps", "plugins"), "a file");
  const found = (from: string) => findProjectExtensions(join(top, from), join(top, "q"));
  expect(found("p/a")).toBe(join(top, "p/a/.synaps/plugins"));
  expect(found("q/b")).toBe(join(top, "q/b/.synaps/plugins"));
  // In the home folder itself its own folder is meant.
  expect(findProjectExtensions(top, top)).toBe(join(top, ".synaps/plugins"));
  expect(findProjectExtensions(join(top, "q"), top)).toBe(join(top, "q/.synaps/plugins"));
  expect(findProjectExtensions(join(top, "q/b"), join(top, "elsewhere"))).toBe(join(top, ".synaps/plugins"));
});
