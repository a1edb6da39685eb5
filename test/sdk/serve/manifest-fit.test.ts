import { spawnHarness, type SpawnHarness } from "@synaps/sdk/testing";
import { dirname } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { authorFolder, manifestFor, runProgram } from "../../helpers/author-program.js";
import { startedHost } from "../../helpers/hosts.js";
import { verifies } from "../../requirements/verifies.js";

const MANIFEST = ".synaps-plugin/plugin.json";
const program = (hooks: string): string => `import { defineExtension, serve } from "@synaps/sdk";
serve(defineExtension({ hooks: { ${hooks} } }));`;
const BOTH = "before_tool_call() {}, on_usage() {}";

async function start(
  files: Record<string, string | object>,
  protocolVersion: 1 | 2 | 3 = 3,
): Promise<SpawnHarness> {
  const cwd = authorFolder(files);
  const child = await spawnHarness({ command: process.execPath, args: ["main.mjs"], cwd, protocolVersion });
  onTestFinished(async () => void (await child.stop()));
  return child;
}

describe("the hooks of code and manifest", () => {
  it("fit when they name the same kinds, however often", async () => {
    const manifest = manifestFor(["on_usage", "before_tool_call", "before_tool_call"]);
    const child = await start({ "main.mjs": program(BOTH), [MANIFEST]: manifest });
    expect(child.stderr).toBe("");
  });

  const advice =
    "Make /extension/hooks of .synaps-plugin/plugin.json and the hooks of the code name the same kinds.";
  it.each<[string, string[], string, 1 | 2 | 3]>([
    [
      BOTH,
      ["before_tool_call"],
      "the handler of 'on_usage' would never run, because the manifest does not subscribe it.",
      1,
    ],
    [
      "before_tool_call() {}",
      ["before_tool_call", "after_tool_call"],
      "the manifest subscribes 'after_tool_call', and no handler serves it.",
      2,
    ],
    [
      "before_tool_call() {}, on_usage: undefined",
      ["before_tool_cal"],
      "the manifest subscribes 'before_tool_cal', and no handler serves it (did you mean 'before_tool_call'?); " +
        "the handler of 'before_tool_call' would never run, because the manifest does not subscribe it (did you mean 'before_tool_cal'?).",
      3,
    ],
    ["", ["on_usage"], "the manifest subscribes 'on_usage', and no handler serves it.", 3],
  ])(verifies("AUTH-007") + "{%s} against %j", async (hooks, kinds, message, version) => {
    const files = { "main.mjs": program(hooks), [MANIFEST]: manifestFor(kinds) };
    await expect(start(files, version)).rejects.toMatchObject({
      code: 1002,
      message: expect.stringContaining(`${message} ${advice}`) as string,
    });
  });

  const follows = (glob: string): string => `import { defineExtension, serve } from "@synaps/sdk";
serve(defineExtension({ hooks: { before_tool_call() {} }, onEvent: { ${JSON.stringify(glob)}() {} } }));`;
  const following = (permissions: string[]): object =>
    manifestFor(["before_tool_call"], { permissions: ["tools.intercept", ...permissions] });

  it.each<[string, string[], string?]>([
    ["deploy.*", ["events.subscribe:deploy.done"]],
    ["deploy.**", ["events.publish:a", "events.subscribe:*.done"]],
    ["*loy.done", ["events.subscribe:dep*"], "no"],
    ["a*c.**", ["events.subscribe:ab*.x"]],
    ["deploy.done", ["events.publish:deploy.done"], "no"],
    ["deploy.done", ["events.subscribe:deplo.done"], "(did you mean 'deplo.done'?)"],
    ["deploy.done.x", ["events.subscribe:deploy.*"], "no"],
    ["hook.executed", ["events.subscribe:**"], "no"],
    ["hook.*", ["events.subscribe:hook.executed"]],
  ])("handlers of the events '%s' against the permissions %j", async (glob, permissions, refused) => {
    const started = start({ "main.mjs": follows(glob), [MANIFEST]: following(permissions) });
    if (refused === undefined) return void (await started);
    await expect(started).rejects.toMatchObject({
      code: 1001,
      message: expect.stringMatching(
        /the handler of the events '.*' would never run, because the manifest has no permission for such topics/,
      ) as string,
    });
    if (refused !== "no") await expect(started).rejects.toThrow(refused);
  });

  it.each<[string, string | undefined, string]>([
    ["missing", undefined, "cannot be read (ENOENT)"],
    ["not JSON", "{", "is not JSON"],
    ["of another form", "[]", "has no section 'extension'"],
    ["without a list", '{"extension":{"hooks":{}}}', "/extension/hooks is not a list"],
    ["too large", JSON.stringify({ extension: { hooks: [] }, more: "x".repeat(300_000) }), "is larger than"],
  ])("are not compared when the manifest is %s, and the log says so", async (_, manifest, problem) => {
    const files = manifest === undefined ? {} : { [MANIFEST]: manifest };
    const child = await start({ "main.mjs": program("before_tool_call() {}"), ...files });
    expect(child.stderr).toMatch(/^hooks are not compared with the manifest: .*\n$/);
    expect(child.stderr).toContain(problem);
  });

  it(verifies("AUTH-007") + "a host names the kind as the reason", async () => {
    const folder = authorFolder({ "main.mjs": program(BOTH), [MANIFEST]: manifestFor(["before_tool_call"]) });
    const { host } = await startedHost([dirname(folder)]);
    expect(JSON.stringify(host.snapshot())).toContain("the handler of 'on_usage' would never run");
  });
});

describe(verifies("AUTH-008") + "a program that never serves", () => {
  const define =
    'import { defineHook } from "@synaps/sdk";\nconst hook = defineHook("on_usage", () => undefined);\n';
  const manifest = { [MANIFEST]: manifestFor(["on_usage"]) };

  it.each([
    ["ends by itself", ""],
    ["calls process.exit", "process.exit();"],
  ])("%s", async (_, rest) => {
    const { code, stderr, stdout } = await runProgram(
      authorFolder({ "main.mjs": define + rest, ...manifest }),
    );
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("This extension was defined but never served");
    expect(stderr).toContain("Write serve(extension)");
  });

  it("is silent where the definition was handed to a test, or imported by another program", async () => {
    const test = `${define.replace("const hook", "export const hook")}`;
    const harness = `import { createHarness } from "@synaps/sdk/testing";\nawait createHarness(hook);`;
    const folder = authorFolder({
      "main.mjs": define + harness,
      "lib.mjs": test,
      "other.mjs": 'import "./lib.mjs";',
      ...manifest,
    });
    expect(await runProgram(folder)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await runProgram(folder, { name: "other.mjs" })).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("does not hide another failure", async () => {
    const folder = authorFolder({ "main.mjs": `${define}throw new Error("broken");`, ...manifest });
    const { code, stderr } = await runProgram(folder);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: broken");
    expect(stderr).not.toContain("never served");
  });
});

it(verifies("AUTH-009") + "console.log shows up in the log of the extension, and nowhere else", async () => {
  const main = `import { defineHook, serve } from "@synaps/sdk";
console.log("before serve");
serve(defineHook("before_tool_call", () => console.log("in", { a: 1 })));`;
  const folder = authorFolder({ "main.mjs": main, [MANIFEST]: manifestFor(["before_tool_call"]) });
  const { host } = await startedHost([dirname(folder)]);
  const outcome = await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: {} });
  expect(outcome.action).toBe("continue");
  await expect
    .poll(() => host.logs("mine", 9).map(({ line }) => line))
    .toEqual(["before serve", "in { a: 1 }"]);
});
