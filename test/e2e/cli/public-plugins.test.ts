import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";
import { cli, finished, results, start, type Finished } from "./command.js";

/** A base folder with one plugin of the public ecosystem's shape among the user's extensions. */
function installed(plugin: string): { base: string; root: string } {
  const base = tempDir();
  const root = join(base, "plugins", plugin);
  cpSync(repo(`test/fixtures/public-plugins/${plugin}`), root, { recursive: true });
  cpSync(repo("test/fixtures/public-plugins/wire.py"), join(root, "wire.py"));
  return { base, root };
}

/** Runs the command on that base folder, with a home folder and a working folder of a fixed name. */
async function run(base: string, args: readonly string[], input = ""): Promise<Finished> {
  const cwd = join(base, "my-project");
  mkdirSync(cwd, { recursive: true });
  const env = { SYNAPS_BASE_DIR: base, HOME: join(base, "home") };
  const { code, stdout, stderr } = await cli(args, { input, cwd, env });
  const named = (text: string): string => text.replaceAll(base, "<base>");
  return { code, stdout: named(stdout), stderr: named(stderr) };
}

const event = (fields: object): string => `${JSON.stringify(fields)}\n`;
const answers = ({ stdout }: Finished): unknown[] =>
  results(stdout).map(({ outcome, votes }) => [outcome, votes?.map(({ status }) => status)]);

test(verifies("WHOLE-030") + "a plugin that is a sidecar and nothing else", async () => {
  const { base } = installed("speaks-only");
  const list = await run(base, ["list", "--json"]);
  expect(JSON.parse(list.stdout)).toMatchObject({
    extensions: [{ id: "speaks-only", state: "ready", hooks: [], permissions: [], diagnostics: [] }],
  });
  const { code, stdout, stderr } = await run(base, ["sidecar", "speaks-only", "--json"], "\n\n");
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("error") as string]);
  expect(stdout).toMatchInlineSnapshot(`
    "{"type":"status","state":"ready","label":"{\\"protocol_version\\": 2}","active":false}
    {"type":"status","state":"speaking","active":true}
    {"type":"insert_text","text":"I work in","mode":"append"}
    {"type":"insert_text","text":"I work in my-project","mode":"final"}
    {"type":"status","state":"idle","active":false}
    {"type":"ended","reason":"exited with code 0"}
    "
  `);
  const spoken = await run(base, ["sidecar", "speaks-only", "--press"], "\nq\n");
  expect([spoken.code, spoken.stdout]).toEqual([0, "I work in my-project\n"]);
  expect(spoken.stderr).toContain("speaking\nI work in\n");
});

test(
  verifies("WHOLE-031") + "a hook that writes beside its code runs again, with odd commands and settings",
  async () => {
    const { base, root } = installed("keeps-prefs");
    const session = event({ kind: "on_session_start", session_id: "s" });
    const first = await run(base, ["run"], session);
    expect(answers(first)).toEqual([[{ action: "inject", content: "This is session 1." }, ["voted"]]]);
    const second = await run(base, ["run"], session);
    expect(answers(second)).toEqual([[{ action: "inject", content: "This is session 2." }, ["voted"]]]);
    expect(JSON.parse(readFileSync(join(root, "prefs.json"), "utf8"))).toEqual({ sessions: 2 });
    const { diagnostics } = (
      JSON.parse((await run(base, ["list", "--json"])).stdout) as {
        extensions: [{ diagnostics: { pointer: string; code: string; severity: string }[] }];
      }
    ).extensions[0];
    expect(
      diagnostics
        .filter(({ code }) => code.startsWith("MANIFEST"))
        .map(({ severity, pointer }) => `${severity} ${pointer}`),
    ).toEqual(["warning /commands/0", "warning /settings/categories/0/fields/0/label"]);
    expect((await run(base, ["validate", root])).code).toBe(0);
    expect((await run(base, ["validate", root, "--strict"])).code).toBe(1);
  },
);

test(verifies("WHOLE-032") + "a command that serves a page in the foreground until it is ended", async () => {
  const { base } = installed("shows-page");
  const child = start(["invoke", "board", "0"], { env: { SYNAPS_BASE_DIR: base } });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const end = finished(child);
  await until("the server is up", () => out.includes("/board.html"));
  const url = /http:\S+/.exec(out)?.[0] ?? "";
  expect(await (await fetch(url, { headers: { connection: "close" } })).text()).toBe("<h1>The board</h1>\n");
  child.kill("SIGINT");
  const { code, stdout, stderr } = await end;
  expect([code, stdout]).toEqual([130, `The board is at ${url}\n`]);
  expect(stderr).toContain('"GET /board.html HTTP/1.1" 200');
  expect(stderr).toContain("cancelled: it was given up and ended");
  await expect(fetch(url)).rejects.toThrow();
});

test(
  verifies("WHOLE-033") + "a sidecar for dictation, with arguments of its extension and a model",
  async () => {
    const { base } = installed("dictates");
    const model = join(base, "home", ".voice", "words.txt");
    const missing = await run(base, ["sidecar", "dictates"]);
    expect([missing.code, missing.stdout]).toEqual([1, ""]);
    expect(missing.stderr).toContain("the following arguments are required: --model-path");
    mkdirSync(dirname(model), { recursive: true });
    writeFileSync(model, "alpha bravo\n");
    const { code, stdout, stderr } = await run(base, ["sidecar", "dictates", "--json"], "\n\n\n\n");
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error") as string]);
    expect(stdout).toMatchInlineSnapshot(`
    "{"type":"status","state":"listening","label":"Listening","active":true,"capabilities":["stt","partial"]}
    {"type":"insert_text","text":"al","mode":"append"}
    {"type":"status","state":"transcribing","active":true}
    {"type":"insert_text","text":"alpha","mode":"final"}
    {"type":"status","state":"idle","active":false}
    {"type":"status","state":"listening","label":"Listening","active":true,"capabilities":["stt","partial"]}
    {"type":"insert_text","text":"br","mode":"append"}
    {"type":"status","state":"transcribing","active":true}
    {"type":"insert_text","text":"bravo","mode":"final"}
    {"type":"status","state":"idle","active":false}
    {"type":"ended","reason":"exited with code 0"}
    "
  `);
  },
);

test(verifies("WHOLE-034") + "notes that a newer host wrote", async () => {
  const { base } = installed("recalls");
  const note = (content: string, timestamp_ms: number, more: object = {}): string =>
    event({ namespace: "recalls", timestamp_ms, content, tags: [], ...more });
  const file = join(base, "memory", "recalls.jsonl");
  mkdirSync(dirname(file));
  const newer = { project: "p", provenance: { source: "chat" }, retention: { max_age_days: 30 } };
  writeFileSync(
    file,
    note("plain", 1) +
      note("newer", 2, { id: "n-1", sensitivity: "sensitive", ...newer }) +
      note("forgotten", 3, { id: "n-2" }) +
      event({ tombstone: "n-2", timestamp_ms: 4 }) +
      note("first of 5", 5, { id: "n-3" }) +
      note("second of 5", 5, { id: "n-4" }),
  );
  const before = await run(base, ["memory", "query", "recalls", "--json"]);
  expect(before.stderr).toBe("");
  const said = await run(base, ["run"], event({ kind: "before_message", message: "hello", session_id: "s" }));
  const content = ["second of 5 n-4 -", "first of 5 n-3 -", "newer n-1 sensitive", "plain - -"].join("\n");
  expect(answers(said)).toEqual([[{ action: "inject", content }, ["voted"]]]);
  const { stdout } = await run(base, ["memory", "query", "recalls", "--json"]);
  expect((JSON.parse(stdout) as { records: object[] }).records).toMatchObject([
    { content: "hello", tags: ["said"] },
    { id: "n-4" },
    { id: "n-3" },
    { id: "n-1", sensitivity: "sensitive", ...newer },
    { content: "plain" },
  ]);
});
