import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";
import { variant } from "../host/support/fixture.js";
import { cli, finished, start, writeActor } from "./command.js";

/** A folder with an extension that offers tools. */
function folder(extension: Readonly<Record<string, unknown>> = {}): string[] {
  const dir = tempDir();
  variant(dir, "offers-tools", { args: [tempDir()], extension });
  return ["--extensions-dir", dir];
}

const call = (tool: string, input: unknown, ...more: readonly string[]) =>
  cli(["call", tool, "--input", JSON.stringify(input), ...more]);

describe(verifies("TOOL-018") + "tools", () => {
  test("shows every tool with its description", async () => {
    const { code, stdout, stderr } = await cli(["tools", ...folder()]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "TOOL                     AGAIN  DESCRIPTION",
      "offers-tools:echo        no     What echo does",
    ]);
    expect(stdout).toContain("offers-tools:exits_once  yes    ");
  });

  test("as JSON with the schemas; nothing is an empty list", async () => {
    const { stdout } = await cli(["tools", "--json", ...folder()]);
    const { schemaVersion, tools } = JSON.parse(stdout) as { schemaVersion: number; tools: object[] };
    expect([schemaVersion, tools.length]).toEqual([1, 8]);
    expect(tools[0]).toEqual({
      name: "offers-tools:echo",
      apiName: "offers-tools_echo",
      extension: "offers-tools",
      tool: "echo",
      description: "What echo does",
      inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
      idempotent: false,
    });
    const none = await cli(["tools"]);
    expect(none).toEqual({ code: 0, stdout: "", stderr: "No extension offers a tool.\n" });
    expect(JSON.parse((await cli(["tools", "--json"])).stdout)).toEqual({ schemaVersion: 1, tools: [] });
  });

  test("says what does not run", async () => {
    const dir = tempDir();
    writeActor(dir, "broken", { command: "no-such-program" });
    const { code, stderr } = await cli(["tools", "--extensions-dir", dir]);
    expect(code).toBe(0);
    expect(stderr).toContain("no-such-program");
  });
});

describe(verifies("TOOL-018") + "call", () => {
  test("prints what the tool answered, under either name", async () => {
    const dir = folder();
    expect(await call("offers-tools:echo", { text: "hi" }, ...dir)).toEqual({
      code: 0,
      stdout: "hi\n",
      stderr: "",
    });
    expect((await call("offers-tools_echo", { text: "hi" }, ...dir)).stdout).toBe("hi\n");
    const read = await cli(["call", "offers-tools:echo", "--input", "-", ...dir], {
      input: '{"text":"read"}',
    });
    expect(read.stdout).toBe("read\n");
  });

  test("with --json all that happened", async () => {
    const dir = folder({ hooks: [{ hook: "before_tool_call" }] });
    const { code, stdout } = await call("offers-tools:shape", { result: { n: 1 } }, "--json", ...dir);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      tool: "offers-tools:shape",
      extension: "offers-tools",
      status: "ok",
      isError: false,
      content: '{"n":1}',
      structured: { n: 1 },
      input: { result: { n: 1 } },
      progressDropped: 0,
      votes: { before: [{ extension: "offers-tools", verdict: { action: "continue" } }], after: [] },
    });
  });

  test("1 when the tool fails, with code and data in the JSON", async () => {
    const dir = folder();
    const failed = await call("offers-tools:fails", {}, ...dir);
    expect(failed).toEqual({ code: 1, stdout: "", stderr: "error: 'offers-tools:fails': no such city\n" });
    const { code, stdout } = await call("offers-tools:fails", {}, "--json", ...dir);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { status: "error", error: { code: -32050, message: "no such city", data: { city: "Atlantis" } } },
    ]);
    expect((await call("offers-tools:exits", {}, ...dir)).code).toBe(1);
  });

  test("2 for an input that is no JSON or does not fit, with the place", async () => {
    const dir = folder();
    const misfit = await call("offers-tools:echo", { text: 5 }, ...dir);
    expect([misfit.code, misfit.stdout]).toEqual([2, ""]);
    expect(misfit.stderr).toContain("/text must be a string");
    const json = await call("offers-tools:echo", {}, "--json", ...dir);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      problems: [{ pointer: "", message: "'text' is missing" }],
    });
    const wrong = await cli(["call", "offers-tools:echo", "--input", "{", ...dir]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("the input is not JSON")]);
  });

  test("3 for a tool that does not exist, with what was probably meant", async () => {
    const { code, stderr } = await call("offers-tools:ecko", {}, ...folder());
    expect([code, stderr]).toEqual([
      3,
      "error: There is no tool 'offers-tools:ecko'\nhint: Did you mean 'offers-tools:echo'?\n",
    ]);
  });

  test("10 when an extension blocks it or nobody can be asked", async () => {
    const [flag = "", dir = ""] = folder();
    writeActor(dir, "actor");
    const answer = (action: object) => ({ result: "x", answer: action });
    const blocked = await call(
      "offers-tools:shape",
      answer({ action: "block", reason: "not here" }),
      flag,
      dir,
    );
    expect(blocked).toEqual({
      code: 10,
      stdout: "",
      stderr: "error: The call of 'offers-tools:shape' was blocked: not here\n",
    });
    const json = await call(
      "offers-tools:shape",
      answer({ action: "confirm", message: "sure?" }),
      "--json",
      flag,
      dir,
    );
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([10, { status: "blocked", by: "actor" }]);
  });

  test("shows progress on standard error", async () => {
    const reports = [
      { message: "first\u001b[31m", current: 1, total: 2 },
      { content: "part" },
      { current: 2 },
    ];
    const dir = folder();
    const shown = await call("offers-tools:talks", { reports }, ...dir);
    expect(shown).toEqual({ code: 0, stdout: "talked\n", stderr: "1/2 first[31m\n2\n" });
    expect((await call("offers-tools:talks", { reports }, "--quiet", ...dir)).stderr).toBe("");
  });

  test("Ctrl-C gives the call up and ends with 130", async () => {
    const state = tempDir();
    const dir = tempDir();
    variant(dir, "offers-tools", { args: [state] });
    const child = start(["call", "offers-tools:waits", "--extensions-dir", dir]);
    const { existsSync } = await import("node:fs");
    await until("the tool runs", () => existsSync(`${state}/calls`));
    const end = finished(child);
    child.kill("SIGINT");
    expect(await end).toMatchObject({ code: 130, stdout: "" });
  });
});

test("call refuses a number that the tool would get as another one", async () => {
  const args = ["call", "offers-tools:echo", "--input", '{"text":"a","id":725653563933458433}', ...folder()];
  const { code, stdout, stderr } = await cli(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("'/id'");
});
