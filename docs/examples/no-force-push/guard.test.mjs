import test from "node:test";
import { assertConfirms, assertContinues, events, spawnHarness } from "@synaps/sdk/testing";

/** @param {string} command */
const push = (command) => events.before_tool_call({ tool_name: "bash", tool_input: { command } });

test("asks before a force push, and before nothing else", async () => {
  const child = await spawnHarness({ command: "node", args: ["main.mjs"], cwd: "no-force-push" });
  try {
    assertConfirms(await child.send(push("git push --force")), /rewrites/);
    assertContinues(await child.send(push("git push")));
  } finally {
    await child.stop();
  }
});
