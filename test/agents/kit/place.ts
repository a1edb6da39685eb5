import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A home and a project of nobody: an agent finds there what a test wrote, and nothing of who runs the test. */
export interface Place {
  readonly top: string;
  readonly home: string;
  readonly project: string;
  /** Variables of a process that lives there. */
  readonly env: Record<string, string>;
}

/** Of the environment only the search path is passed on: who runs the tests may be an agent with hooks itself. */
export function makePlace(): Place {
  const top = mkdtempSync(join(tmpdir(), "synaps-agent-"));
  const home = join(top, "home");
  const project = join(top, "project");
  for (const folder of [home, project]) mkdirSync(folder);
  const { PATH = "", TERM = "dumb" } = process.env;
  return { top, home, project, env: { PATH, TERM, HOME: home, LANG: "C.UTF-8", NO_COLOR: "1" } };
}

/** A place that is removed after the test. */
export function placeForTest(): Place {
  const place = makePlace();
  onTestFinished(() => rmSync(place.top, { recursive: true, force: true, maxRetries: 5 }));
  return place;
}
