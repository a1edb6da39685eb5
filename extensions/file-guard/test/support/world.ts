import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createHarness, events } from "@synaps/sdk/testing";
import type { JsonObject, JsonValue } from "@synaps/sdk";
import { onTestFinished } from "vitest";
import { makeFileGuard, placesFrom } from "../../src/extension.js";

/** Files of the home folder that every case is judged in. */
const FILES = [
  ".ssh/id_ed25519",
  ".ssh/id_ed25519.pub",
  ".ssh/config",
  ".aws/credentials",
  ".bashrc",
  ".claude/settings.json",
  ".claude/plans/plan.md",
  ".synaps-cli/config",
  ".synaps-cli/plugins/shell-guard/config",
  ".synaps-cli/plugins/file-guard/config",
  "notes/todo.md",
  "work/other/README.md",
  "work/shop/.env",
  "work/shop/.env.example",
  "work/shop/.git/config",
  "work/shop/.git/hooks/pre-commit.sample",
  "work/shop/.claude/settings.json",
  "work/shop/src/app.ts",
  "work/shop/certs/server.key",
];
/** Links of the project, with where they lead. */
const LINKS: Readonly<Record<string, string>> = {
  keys: "../../.ssh",
  "notes.txt": "../../.ssh/id_ed25519",
  "new-key": "../../.ssh/not-there",
  "far/hop": "../keys",
  outside: "../other",
  circle: "circle",
  "src/up": "../docs",
  "docs/conf": "../.env",
};

export interface World {
  readonly home: string;
  readonly project: string;
  /** The answer of the guard to one call, with its text and what it wrote to the log. */
  judge(tool: string, input: JsonValue, options?: Options): Promise<Answer>;
}

export interface Options {
  /** Folder of the event; the project by default, null for none. */
  readonly cwd?: string | null;
  readonly commonName?: string;
  readonly config?: JsonObject;
  readonly agent?: string | null;
}

export interface Answer {
  readonly action: string;
  readonly text: string;
  readonly log: readonly string[];
}

/** A real home with a project, removed after the test. */
export function makeWorld(): World {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "file-guard-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, "home/me");
  const project = join(home, "work/shop");
  for (const file of FILES) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), "x\n");
  }
  for (const [name, target] of Object.entries(LINKS)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    symlinkSync(target, join(project, name));
  }
  const guard = makeFileGuard(placesFrom(join(home, ".synaps-cli/plugins/file-guard"), home));
  return {
    home,
    project,
    async judge(tool, input, { cwd = project, commonName = tool, config = {}, agent = "claude-code" } = {}) {
      const harness = await createHarness(guard, { config });
      const data = cwd === null && agent === null ? null : { cwd, agent };
      const answer = await harness.send(
        events.before_tool_call({ tool_name: commonName, tool_runtime_name: tool, tool_input: input, data }),
      );
      const { logs } = harness;
      await harness.stop();
      const said = answer as { action: string; reason?: string; message?: string };
      return { action: answer.action, text: said.reason ?? said.message ?? "", log: [...logs] };
    },
  };
}
