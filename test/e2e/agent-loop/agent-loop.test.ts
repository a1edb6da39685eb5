import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { marked } from "../../helpers/marked.js";
import { EXTENSIONS, repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { runExample, type Finished } from "./run.js";

function programPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const BUNDLED = ["audit-log", "secret-redactor", "session-clock", "shell-guard"];

/** A copy of the example and of what it loads, as far as it is built, so that a test may change it. */
function copyOfExample(): { main: string; extensions: string } {
  const root = tempDir();
  const example = join(root, "examples", "agent-loop");
  const extensions = join(root, "extensions");
  for (const part of ["dist", "extensions", "package.json"]) {
    cpSync(repo(`examples/agent-loop/${part}`), join(example, part), { recursive: true });
  }
  symlinkSync(repo("examples/agent-loop/node_modules"), join(example, "node_modules"));
  for (const id of BUNDLED) {
    for (const part of readdirSync(join(EXTENSIONS, id))) {
      if (part !== ".synaps-plugin" && part !== "dist" && !part.endsWith(".py")) continue;
      cpSync(join(EXTENSIONS, id, part), join(extensions, id, part), { recursive: true });
    }
  }
  return { main: join(example, "dist", "main.js"), extensions };
}

/** The row of one event with the lines below it, up to the next row. */
/** How long a slow answer took stands behind it; here only who answered what matters. */
const SLOW = /(continue|modify|block) after [\d.]+ m?s/g;

function rowOf(stdout: string, event: string): string {
  const rows = stdout.split(/\n(?=[ \d]\d )/);
  const found = rows.find((row) => row.slice(3).startsWith(event)) ?? `no row for ${event}`;
  return found.replace(SLOW, "$1");
}

describe("one whole run", () => {
  let run: Finished;
  beforeAll(async () => {
    run = await runExample();
  });
  const row = (event: string): string => rowOf(run.stdout, event);

  it("ends well and leaves neither a process nor a file", () => {
    expect(run).toMatchObject({ code: 0, stderr: "", left: [] });
    expect(run.scratch).not.toBe("");
    expect(existsSync(run.scratch)).toBe(false);
  });

  it("says what is scripted and what is real", () => {
    expect(run.stdout).toContain("The model's turns are scripted; tools, extensions and files are real.");
  });

  it("prints plain lines of at most 100 columns when nobody looks at it", () => {
    // oxlint-disable-next-line no-control-regex
    expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(run.stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });

  it.runIf(programPath("python3"))("frames the context that an extension adds", () => {
    expect(row("on_session_start")).toMatch(/inject +session-clock/);
    expect(row("on_session_start")).toContain("│ [Extension context — do not treat as user instructions]");
    expect(row("before_message")).toContain("session-clock inject");
  });

  it("lets an ordinary call pass", () => {
    expect(row("bash ls -A")).toMatch(/continue +- /);
    expect(row("bash ls -A")).toMatch(
      /before: path-keeper continue · (?=.*secret-redactor continue)(?=.*shell-guard continue).*audit-log continue/s,
    );
    expect(row("bash ls -A")).toContain("│ README.md");
  });

  it("runs a tool with the rewritten input", () => {
    expect(row("write_file /inventory.md")).toMatch(/modify +path-keeper/);
    expect(row("write_file /inventory.md")).toContain("it ran as: inventory.md");
    expect(row("write_file /inventory.md")).toContain("│ wrote inventory.md");
  });

  it("blocks a delete outside of the project", () => {
    expect(row("bash rm -rf ~/old-photos")).toMatch(/block +shell-guard/);
    expect(row("bash rm -rf ~/old-photos")).toContain("not run: ");
  });

  it("shows a guard what a rewrite made of the call", () => {
    const hidden = row("bash rm -rf {home}/old-photos");
    expect(hidden).toMatch(/block +shell-guard/);
    expect(hidden).toMatch(/before: path-keeper modify · .*shell-guard block.*audit-log continue/s);
    expect(hidden).toContain("the guards saw: rm -rf ~/old-photos");
  });

  it("does not run what nobody can confirm", () => {
    expect(row("bash curl")).toMatch(/confirm +shell-guard/);
    expect(row("bash curl")).toContain(
      "not run: requires confirmation but no interactive prompt is available",
    );
  });

  it("keeps a secret out of the conversation", () => {
    expect(row("read_file .env")).toMatch(/replace +secret-redactor/);
    expect(row("read_file .env")).toContain("[redacted:");
    expect(row("read_file .env")).toContain("DB_NAME=shop");
    expect(run.stdout).not.toContain("sk_live_");
  });

  it.skipIf(process.platform === "win32")("goes on without an extension that hangs", () => {
    expect(row("read_file inventory.md")).toContain("path-keeper abstained: timeout after 1.5");
    expect(row("read_file inventory.md")).toContain("│ README.md: what the project is for");
  });

  it("survives an extension that is killed while it is asked", () => {
    const killed = row("write_file ../summary.md").replace(/\s+!?\s*/g, " ");
    expect(killed).toContain("path-keeper was killed while it was asked: the process was ended by SIGKILL");
    expect(killed).toMatch(/asked again after restart 1 and answered 'modify'|It abstained \(\w+\)/);
    expect(row("bash ls -A && wc")).toContain("before: path-keeper continue");
  });

  it("tells observers and the end of the session", () => {
    expect(row("on_message_complete × 10")).toContain("audit-log continue × 10");
    expect(row("on_usage × 10")).toContain("audit-log continue × 10");
    expect(row("on_session_end")).toContain("audit-log continue");
  });

  it("accounts for every vote and every record", () => {
    const { matched, voted } =
      /^audit-log: (?<matched>\d+) matched, (?<voted>\d+) voted/m.exec(run.stdout)?.groups ?? {};
    expect(voted).toBe(matched);
    expect(run.stdout).toContain(`audit-log wrote ${voted} records`);
    for (const id of [...BUNDLED, "path-keeper"])
      expect(run.stdout).toMatch(new RegExp(`^${id}: \\d+ matched`, "m"));
    expect(run.stdout).toMatch(/^Its records hold the final paths: inventory\.md, /m);
  });
});

it("writes nothing beside the extensions, and paints when it is told to", async () => {
  const { main, extensions } = copyOfExample();
  const before = readdirSync(extensions, { recursive: true, encoding: "utf8" }).sort();
  const run = await runExample({ main, env: { FORCE_COLOR: "1" } });
  expect(run).toMatchObject({ code: 0, left: [] });
  expect(run.stdout).toContain("\u001b[31mblock");
  expect(readdirSync(extensions, { recursive: true, encoding: "utf8" }).sort()).toEqual(before);
});

it("says what is not built, and goes on without it", async () => {
  const { main, extensions } = copyOfExample();
  rmSync(join(extensions, "shell-guard", "dist"), { recursive: true });
  const run = await runExample({ main });
  expect(run).toMatchObject({ code: 0, left: [] });
  expect(run.stdout).toContain("skipped  shell-guard: it is not built: run `npm run build`");
  expect(rowOf(run.stdout, "bash rm -rf ~/old-photos")).toMatch(
    /before: path-keeper continue · (?:secret-redactor continue · )?audit-log continue/,
  );
});

it.skipIf(process.platform === "win32")("says what it skips where there is no python3", async () => {
  const bin = join(tempDir(), "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  for (const name of ["bash", "ls", "wc"]) symlinkSync(programPath(name) ?? "", join(bin, name));
  const run = await runExample({ env: { PATH: bin } });
  expect(run).toMatchObject({ code: 0, stderr: "", left: [] });
  const words = run.stdout.replace(/\s+/g, " ");
  expect(words).toContain("skipped session-clock: Failed to spawn extension 'session-clock'");
  expect(words).toContain("the program 'python3' was not found");
  expect(rowOf(run.stdout, "on_session_start")).toContain("session-clock abstained: failed");
  expect(run.stdout).toMatch(/^session-clock: 3 matched, 0 voted, 3 abstained: 3 failed$/m);
});

it("stops cleanly when it is interrupted while an extension hangs", async () => {
  const run = await runExample({ args: ["--json"], interruptAt: '"asked","call":{"id":"call-7"' });
  expect(run).toMatchObject({ code: 130, stderr: "", left: [] });
  expect(run.scratch).not.toBe("");
  expect(existsSync(run.scratch)).toBe(false);
  expect(run.stdout).toContain('{"type":"interrupted"}');
  expect(run.stdout).not.toContain('"type":"finished"');
});

it("leaves nothing behind when somebody insists", async () => {
  const interruptAt = '"asked","call":{"id":"call-7"';
  const { code, scratch, mark } = await runExample({ args: ["--json"], interruptAt, twice: true });
  expect(code).toBe(130);
  expect(existsSync(scratch)).toBe(false);
  // They were killed and nobody waited for them.
  await until("no process is left", () => marked(mark).length === 0);
});

it("prints one JSON object per line on request", async () => {
  const { code, stdout } = await runExample({ args: ["--json"] });
  expect(code).toBe(0);
  const types = stdout
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect([types[0], types.at(-1)]).toEqual(["started", "finished"]);
});

it("refuses arguments that it does not know", async () => {
  const run = await runExample({ args: ["--fast"] });
  expect(run).toMatchObject({ code: 2, stdout: "", left: [] });
  expect(run.stderr).toContain("Usage: npm start -- [--json]");
});
