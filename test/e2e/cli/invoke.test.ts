import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FIXTURES } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { interactive, writeOffer } from "../../host/surfaces/commands/support.js";
import { cli, finished, start } from "./command.js";

const sh = (name: string, script: string): object => ({ name, command: "sh", args: ["-c", script, "sh"] });

function offered(commands: readonly object[]): string[] {
  const folder = tempDir();
  writeOffer(folder, { commands });
  return ["--extensions-dir", folder];
}

const lines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

test(
  verifies("CLI-030") + "texts and tables are printed, remarks and errors apart, control characters gone",
  async () => {
    const where = offered([interactive("flat")]);
    const { code, stdout, stderr } = await cli(["invoke", "flat", ...where]);
    expect(code).toBe(0);
    expect(stdout).toBe("a[31mb\tc\nh\n1\n2\n");
    expect(stderr).toBe("s\nerror: e\n");
  },
);

test(verifies("CLI-030") + "--json prints each event and the outcome", async () => {
  const { code, stdout } = await cli(["invoke", "/echo", "x", "--json", ...offered([interactive("echo")])]);
  expect(code).toBe(0);
  expect(lines(stdout)).toMatchObject([
    { output: { kind: "text", content: "x" } },
    { output: { kind: "done" } },
    {
      outcome: {
        status: "done",
        shape: "interactive",
        result: { value: { args: ["x"] } },
        counts: { produced: 2 },
      },
    },
  ]);
});

test(verifies("CLI-031") + "tasks, tools, programs and skills have their own way to be shown", async () => {
  const where = offered([
    interactive("tasks"),
    { name: "say", tool: "say", input: { q: "${args}" } },
    { name: "learn", skill: "maths", prompt: "Teach me" },
    sh("print", 'printf "%s" "$1"'),
  ]);
  const tasks = await cli(["invoke", "tasks", ...where]);
  expect(tasks.stderr).toContain("Fetch: started\nFetch: 25 %  part\nFetch: line 1\n");
  expect(tasks.stderr).toContain("Fetch: done\n");
  expect((await cli(["invoke", "say", "hi", ...where])).stdout).toBe('{"name":"say","input":{"q":"hi"}}\n');
  expect((await cli(["invoke", "learn", "now", ...where])).stdout).toBe(
    "Load the skill 'maths' and send: Teach me now\n",
  );
  expect((await cli(["invoke", "print", ...where, "--", "-n"])).stdout).toBe("-n");
});

test(
  verifies("CLI-032") + "a failure ends with 1, an unknown command with 3, a flood with a notice",
  async () => {
    const where = offered([interactive("fails"), interactive("flood"), sh("bad", "exit 7")]);
    expect(await cli(["invoke", "fails", ...where])).toEqual({
      code: 1,
      stdout: "",
      stderr: "error: command 'fails' of 'offers-commands': failed: no luck[0m today\n",
    });
    expect((await cli(["invoke", "bad", ...where])).code).toBe(1);
    expect(await cli(["invoke", "flod", ...where])).toEqual({
      code: 3,
      stdout: "",
      stderr: "error: No extension has a command 'flod'\nhint: Did you mean 'flood'?\n",
    });
    const flood = await cli(["invoke", "flood", ...where]);
    expect([flood.code, flood.stdout.length]).toEqual([0, 240 * 1024 + 4]);
    expect(flood.stderr).toContain("Output was cut: of 641 events 636 were left out and 1 shortened");
  },
);

test(verifies("CLI-033") + "Ctrl-C gives the command up", async () => {
  const child = start(["invoke", "long", ...offered([sh("long", "echo begun; sleep 100")])]);
  child.stdout.once("data", () => child.kill("SIGINT"));
  expect((await finished(child)).code).toBe(130);
});

test(verifies("CLI-034") + "info shows everything about an extension, as text and as JSON", async () => {
  const where = ["--extensions-dir", join(FIXTURES, "python-whole")];
  const { code, stdout, stderr } = await cli(["info", "python-whole", ...where]);
  expect([code, stderr]).toEqual([0, ""]);
  for (const line of [
    "python-whole  1.0.0  running",
    "  before_tool_call  for python-whole:count_words",
    "  python-whole:count_words",
    "  python-whole:parrot  parrot-1",
    "  build  python 1",
    "  model parrot-1  installed",
    "  /note  interactive  Keep a note, or list the notes",
    "  /where  shell",
    "  tone  string  How answers sound",
    "  Notes: Tone  custom  tone",
    "  C-S-n  slash_command  Notes",
    "  /note  Notes: Keep short notes",
    "  python-whole.accent  #33aa77",
  ]) {
    expect(stdout.split("\n")).toContain(line);
  }
  const json = await cli(["info", "python-whole", "--json", ...where]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    schemaVersion: 1,
    state: "running",
    info: { status: "known", info: { models: [{ id: "parrot-1" }] } },
    commands: [{ name: "note" }, { name: "words" }, { name: "where" }, { name: "study" }],
    sidecar: null,
  });
});

test(verifies("CLI-038") + "info starts no extension but the one it shows", async () => {
  const folder = tempDir();
  const started = join(folder, "started");
  writeOffer(folder, { id: "shown" });
  writeOffer(folder, { id: "other", extension: { command: "touch", args: [started] } });
  const { code, stdout } = await cli(["info", "shown", "--extensions-dir", folder]);
  expect([code, stdout.split("\n")[0]]).toEqual([0, "shown  running"]);
  expect(existsSync(started)).toBe(false);
});

test(
  verifies("CLI-035") + "info of one that does not run ends with 1 and says why; of one unknown with 3",
  async () => {
    const folder = tempDir();
    writeOffer(folder, { extension: { args: ["no-such-file.mjs"] } });
    const where = ["--extensions-dir", folder];
    const broken = await cli(["info", "offers-commands", ...where]);
    expect([broken.code, broken.stdout.split("\n")[0]]).toEqual([1, "offers-commands  failed"]);
    expect(broken.stderr).toContain("ended before its handshake");
    const unknown = await cli(["info", "offers-comands", ...where]);
    expect([unknown.code, unknown.stderr.split("\n")[1]]).toEqual([
      3,
      "hint: Did you mean 'offers-commands'?",
    ]);
  },
);
