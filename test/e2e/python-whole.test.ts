import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { UiChange } from "@synaps/host";
import { describe, expect, test } from "vitest";
import { startedHost } from "../helpers/hosts.js";
import { FIXTURES } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";
import { verifies } from "../requirements/verifies.js";
import { cli } from "./cli/command.js";

const folder = join(FIXTURES, "python-whole");
const where = ["--extensions-dir", folder];

describe("an extension in plain Python, through the command", () => {
  test(
    verifies("WHOLE-020") + "its interactive command keeps notes in memory and shows its task",
    async () => {
      const env = { SYNAPS_BASE_DIR: tempDir() };
      const added = await cli(["invoke", "note", "add", "buy", "milk", ...where], { env });
      expect([added.code, added.stdout]).toEqual([0, "Kept.\n"]);
      expect(added.stderr.split("\n").slice(0, 4)).toEqual([
        "Keeping the note: started",
        "Keeping the note: 50 %  writing",
        "Keeping the note: stored",
        "Keeping the note: done",
      ]);
      await cli(["invoke", "python-whole:note", "add", "call home", ...where], { env });
      const listed = await cli(["invoke", "note", "list", ...where], { env });
      expect(listed.stdout).toBe("note\ncall home\nbuy milk\n");
      const wrong = await cli(["invoke", "note", "burn", ...where], { env });
      expect([wrong.code, wrong.stderr]).toEqual([
        1,
        "error: command 'note' of 'python-whole': failed: say add or list, not burn\n",
      ]);
    },
  );

  test(verifies("WHOLE-021") + "its other commands: a tool, a program, a skill", async () => {
    expect((await cli(["invoke", "words", "one two three", ...where])).stdout).toBe("3 words\n");
    expect((await cli(["invoke", "where", ...where])).stdout).toBe(`${folder}\n`);
    expect((await cli(["invoke", "study", ...where])).stdout).toBe(
      "Load the skill 'note-taking' and send: Summarise my notes\n",
    );
  });
});

test(verifies("WHOLE-022") + "its settings editor is opened and moved in", async () => {
  const { host } = await startedHost([folder]);
  const changes: UiChange[] = [];
  host.ui.onChange((change) => void changes.push(change));
  const opened = await host.ui.settings.open("python-whole", "notes", "tone");
  expect(opened).toMatchObject({
    status: "done",
    editor: {
      render: {
        rows: [
          { label: "plain", marker: "*", data: "plain" },
          { label: "cheerful", marker: " " },
          { label: "grave", marker: " " },
        ],
        cursor: 0,
        footer: "Enter takes it",
      },
    },
  });
  expect(await host.ui.settings.key("python-whole", "Down")).toMatchObject({ status: "done" });
  expect(host.ui.settings.editor("python-whole")?.render?.cursor).toBe(1);
  expect(changes.map(({ type }) => type)).toEqual(["editor", "editor"]);
});

test(verifies("WHOLE-023") + "its widget is shown while it lasts", async () => {
  const { host } = await startedHost([folder]);
  await host.commands.invoke("note", ["add", "look here"]);
  expect(host.ui.widgets.all()).toMatchObject([
    { id: "notes", lines: ["last note: look here"], ttlMs: 60_000 },
  ]);
});

test(verifies("WHOLE-024") + "the value that its editor ends with stands in its configuration", async () => {
  const baseDir = tempDir();
  const { host } = await startedHost([folder], { baseDir });
  const changes: UiChange[] = [];
  host.ui.onChange((change) => void changes.push(change));
  await host.ui.settings.open("python-whole", "notes", "tone");
  await host.ui.settings.key("python-whole", "Up");
  expect(await host.ui.settings.key("python-whole", "Enter")).toMatchObject({ status: "done" });
  expect(changes.slice(-2)).toMatchObject([
    { type: "editor_commit", value: "grave" },
    { type: "editor_closed", reason: "chosen" },
  ]);
  expect(readFileSync(join(baseDir, "plugins", "python-whole", "config"), "utf8")).toContain("tone = grave");
});

test(verifies("WHOLE-025") + "its tool passes its own guard, through the command", async () => {
  const counted = await cli(["call", "python-whole:count_words", "--input", '{"text":"a b"}', ...where]);
  expect([counted.code, counted.stdout]).toEqual([0, "2 words\n"]);
  const blocked = await cli(["call", "python-whole:count_words", "--input", '{"text":"a secret"}', ...where]);
  expect([blocked.code, blocked.stdout]).toEqual([10, ""]);
  expect(blocked.stderr).toContain("secrets are not counted");
  const wrong = await cli(["call", "python-whole:count_words", "--input", '{"text":7}', ...where]);
  expect(wrong.code).toBe(2);
});
