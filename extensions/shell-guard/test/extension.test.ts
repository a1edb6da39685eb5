import { homedir } from "node:os";
import { ownPlaces } from "@synaps/guards/paths";
import { createHarness, events } from "@synaps/sdk/testing";
import { expect, test } from "vitest";
import { readToolInput } from "../src/input.js";
import manifest from "../.synaps-plugin/plugin.json" with { type: "json" };
import { makeShellGuard } from "../src/extension.js";

test.each([
  [{ command: "ls" }, "ls", undefined],
  [{ cmd: "ls", workdir: "/x" }, "ls", "/x"],
  [{ script: "a\nb", cwd: "y" }, "a\nb", "y"],
  ["ls -l", "ls -l", undefined],
  [["rm", "-rf", "a b"], "rm -rf 'a b'", undefined],
  [{ command: ["bash", "-lc", "rm x"] }, "bash -lc 'rm x'", undefined],
  [{ command: "rm", args: ["-rf", "/"] }, "rm -rf /", undefined],
  [{ args: ["rm", "$HOME"] }, "rm '$HOME'", undefined],
])("reads the command of %j", (input, command, cwd) => {
  expect(readToolInput(input)).toEqual({ command, cwd });
});

test.each([null, 7, {}, { timeout: 5, description: "ls" }])("%j holds no command", (input) => {
  expect(readToolInput(input)).toBeUndefined();
});

test("the manifest and the code declare the same configuration keys", () => {
  const keys = manifest.extension.config.map(({ key }) => key);
  expect(
    Object.keys(makeShellGuard({ home: homedir(), base: null, own: null }).definition.config ?? {}).sort(),
  ).toEqual([...keys].sort());
});

test("a host whose base is elsewhere is guarded as well, known by the folder that the guard was started in", async () => {
  const places = ownPlaces("/opt/host/plugins/shell-guard", "/home/me");
  const harness = await createHarness(makeShellGuard(places), { config: { project_root: "/home/me/app" } });
  const rule = async (command: string): Promise<string> => {
    const event = events.before_tool_call({ tool_name: "bash", tool_input: { command } });
    const { action } = await harness.send(event);
    return `${action} ${/(guard-files)/.exec(harness.logs.at(-1) ?? "")?.[0] ?? "other"}`;
  };
  expect(await rule("echo x > /opt/other/host.toml")).toBe("confirm other");
  for (const path of [
    "/opt/host/extensions/host.toml",
    "/opt/host/plugins/shell-guard/config",
    "~/.synaps-cli/x",
  ])
    expect(await rule(`echo x > ${path}`), path).toBe("block guard-files");
  await harness.stop();
});
