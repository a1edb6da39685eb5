import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { verifies } from "../../requirements/verifies.js";
import { cleanPlace, followPage } from "./page.js";

const PAGE = "docs/authors.md";

/** Saves the files that the page shows, as its reader does. */
function saveFiles(folder: string): string[] {
  const blocks = readFileSync(repo(PAGE), "utf8").matchAll(
    /<!-- example: (\S+) -->\s+```\w+\n([\s\S]*?)```/g,
  );
  return [...blocks].map(([, path = "", text = ""]) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return path;
  });
}

it.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
  verifies("AUTH-016") + "the page can be followed from packed tarballs in a clean home (needs python3)",
  async () => {
    const place = await cleanPlace();
    expect(saveFiles(place.folder)).toHaveLength(5);
    const ran = await followPage(PAGE, place);
    const shown = (command: string): string => ran.find(({ text }) => text.includes(command))?.output ?? "";
    expect(shown("synaps-ext run --extensions-dir no-force-push")).toContain('"action":"block"');
    expect(shown("node --test")).toMatch(/pass 1\b/);
    expect(shown("npx synaps-ext list")).toMatch(/^no-force-push .*ready .*plugins\/no-force-push/m);
    expect(shown("hello-python")).toContain("Answer in one sentence.");
  },
  600_000,
);
