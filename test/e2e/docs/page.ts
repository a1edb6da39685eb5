import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { repo } from "../../helpers/paths.js";
import { installedIn } from "../../helpers/run-folders.js";
import { tempDir } from "../../helpers/temp.js";
import { followPage, INSTALL, runSteps, type Installed, type Place, type Ran } from "./follow.js";
import { madeOnce, packed } from "./packed.js";
import type { PAGES } from "./pages.js";

/** A page installs the packages and starts many hosts: a busy machine takes its time. */
export const PATIENCE_MS = 600_000;

/** A new user's home and an empty folder, in a path with spaces and letters beyond ASCII. */
export async function cleanPlace(): Promise<Place> {
  const top = join(tempDir(), "neuer Benutzer ü 新");
  const [home, folder] = [join(top, "home"), join(top, "mein Projekt")];
  for (const path of [home, folder]) mkdirSync(path, { recursive: true });
  const { PATH = "", npm_config_cache = join(homedir(), ".npm") } = process.env;
  const npmrc = process.env["npm_config_userconfig"] ?? join(homedir(), ".npmrc");
  return {
    home,
    folder,
    clone: repo("."),
    env: {
      PATH,
      HOME: home,
      LANG: "C.UTF-8",
      // A folder that has `artifacts/*.tgz`, as a clone has after `npm run pack`.
      CLONE: await packed(),
      // The registry and the cache of this machine, so that nothing is fetched twice.
      npm_config_cache,
      npm_config_prefer_offline: "true",
      npm_config_update_notifier: "false",
      ...(existsSync(npmrc) ? { npm_config_userconfig: npmrc } : {}),
    },
  };
}

/**
 * What the packages are in an empty folder once a new user installed them: npm does it once in each run of the tests, in
 * a clean place, and fails for all pages if it fails. Paths to the packages hold in any other clean place.
 */
export async function installed(): Promise<Installed> {
  const kept = installedIn();
  const place = await cleanPlace();
  await madeOnce(kept, `${kept}.lock`, async (fresh) => {
    const [ran] = await runSteps(place, [{ line: 1, text: INSTALL }], { onStart: onTestFinished });
    if (ran?.wrong !== "") throw new Error(`${INSTALL}${ran?.wrong}\n${ran?.output}`);
    mkdirSync(fresh, { recursive: true });
    cpSync(place.folder, join(fresh, "folder"), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(fresh, "output"), ran.output);
  });
  return { folder: join(kept, "folder"), output: join(kept, "output") };
}

/** Follows a page in a clean place; fails for each step that does not do what the page says. */
export async function expectToHold(page: keyof typeof PAGES): Promise<Ran[]> {
  const ran = await followPage(page, await cleanPlace(), {
    onStart: onTestFinished,
    installed: await installed(),
  });
  const wrong = ran.filter((step) => step.wrong !== "");
  expect(wrong.map((step) => `${page}:${step.line}: ${step.wrong}\n${step.text}${step.output}`)).toEqual([]);
  return ran;
}
