import { expect, test, vi } from "vitest";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { ACTOR, call, cli, finished, results, start, writeActor } from "./command.js";

const SECTION = {
  protocol_version: 3,
  runtime: "process",
  command: "node",
  args: ["main.js"],
  permissions: ["tools.intercept"],
  hooks: [{ hook: "before_tool_call", timeout_ms: 60_000 }],
};

test(
  verifies("CLI-050") + "standard error of extensions is shown, also of before the handshake, unless quiet",
  async () => {
    const folder = tempDir();
    const main = `process.stderr.write("first words\\n");\n${ACTOR}`;
    writeExtension(folder, "actor", SECTION, { "main.js": main });
    const where = ["--extensions-dir", folder];
    const said = "a\u001b[31mb\u0007c\u202e\ttabbed";
    const { stderr } = await cli(["run", ...where], { input: call({ say: said }) });
    const lines = stderr.split("\n").filter((line) => line.startsWith("["));
    expect(lines).toEqual(["[actor] first words", "[actor] a[31mbc\ttabbed"]);
    const quiet = await cli(["run", "--quiet", ...where], { input: call({ say: said }) });
    expect(quiet.stderr).toBe("");
  },
);

test(
  verifies("CLI-050") + "an extension that does not get ready is heard while the host waits for it",
  async () => {
    const folder = tempDir();
    writeExtension(folder, "mute", SECTION, {
      "main.js": `console.error("no licence");setInterval(() => {}, 1e6);`,
    });
    const child = start(["run", "--extensions-dir", folder]);
    let stderr = "";
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    await vi.waitFor(() => expect(stderr).toBe("[mute] no licence\n"), { timeout: 30_000 });
    child.kill("SIGTERM");
    expect((await finished(child)).code).toBe(143);
  },
);

test(
  verifies("CLI-051") + "a flood is cut, its size is told, and the next event has room again",
  async () => {
    const folder = tempDir();
    writeActor(folder);
    const flood = Array.from({ length: 400 }, (_, n) => `line ${n}`).join("\n");
    const { stderr } = await cli(["run", "--extensions-dir", folder], {
      input: call({ say: flood }) + [1, 2, 3, 4, 5].map((n) => call({ say: `after ${n}` })).join(""),
    });
    const own = stderr.split("\n").filter((line) => line.startsWith("[actor]"));
    const cut = own.flatMap((line) => /^\[actor\] … (\d+) further lines? left out$/.exec(line)?.[1] ?? []);
    const shown = own.filter((line) => /^\[actor\] line \d+$/.test(line));
    expect(shown.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, n) => `[actor] line ${n}`));
    expect(shown.length + cut.reduce((sum, n) => sum + Number(n), 0)).toBe(400);
    expect(shown.length).toBeLessThan(400);
    expect(own).toContain("[actor] after 5");
  },
);

test(
  verifies("CLI-052") + "a handler that failed is told with its message and the place that it names",
  async () => {
    const folder = tempDir();
    const error = { code: 1006, message: "no such rule", data: { at: "main.js:7:3" } };
    const throwing = ACTOR.replace("return act(", `return fail(id, ${JSON.stringify(error)}) || act(`);
    const main = `${throwing}
function fail(id, error) {
  const body = JSON.stringify({ jsonrpc: "2.0", id, error });
  process.stdout.write("Content-Length: " + Buffer.byteLength(body) + "\\r\\n\\r\\n" + body);
  return true;
}`;
    writeExtension(folder, "actor", SECTION, { "main.js": main });
    const { code, stdout, stderr } = await cli(["run", "--extensions-dir", folder], { input: call() });
    const detail = "error 1006: no such rule (at main.js:7:3)";
    expect([code, results(stdout)[0]?.votes]).toMatchObject([
      0,
      [{ status: "abstained", reason: "error", detail }],
    ]);
    expect(stderr).toContain(`[actor] before_tool_call failed in 'before_tool_call#1': ${detail}\n`);
  },
);

test(verifies("CLI-053") + "--strict ends with 1 when a line was no event", async () => {
  const folder = tempDir();
  writeActor(folder);
  const run = (...flags: string[]) =>
    cli(["run", "--quiet", "--extensions-dir", folder, ...flags], { input: `nonsense\n${call()}` });
  expect((await run()).code).toBe(0);
  const strict = await run("--strict");
  expect([strict.code, strict.stderr.split("\n")[0]]).toEqual([1, "error: A line was no event"]);
  expect(results(strict.stdout).length).toBe(2);
});

test(
  verifies("CLI-054") +
    "--require answers nothing unless the extension runs, and ends with 1 when it abstained",
  async () => {
    const folder = tempDir();
    writeActor(folder);
    writeActor(folder, "broken", { command: "./absent" });
    const run = (input: string, ...ids: string[]) =>
      cli(["run", "--quiet", "--extensions-dir", folder, ...ids.flatMap((id) => ["--require", id])], {
        input,
      });

    const fine = await run(call(), "actor");
    expect([fine.code, results(fine.stdout).length]).toEqual([0, 1]);

    const broken = await run(call(), "actor", "broken");
    expect([broken.code, broken.stdout]).toEqual([1, ""]);
    expect(broken.stderr).toContain("error: The required extension 'broken' does not run: Failed to spawn");

    const unknown = await run(call(), "actro");
    expect([unknown.code, unknown.stdout]).toEqual([3, ""]);
    expect(unknown.stderr).toContain("hint: Did you mean 'actor'?\n");

    const crashed = await run(call({ die: true }), "actor");
    expect([crashed.code, results(crashed.stdout).length]).toEqual([1, 1]);
    expect(crashed.stderr).toContain("error: The required extension 'actor' abstained: 1 crash\n");
  },
);
