import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHarness, spawnHarness } from "@synaps/sdk/testing";
import { expect, test } from "vitest";
import { createRateLimiter } from "../src/extension.js";

const PER =
  "config key 'per' must be auto, or 1 to 8 of global, kind, peer, session, tool and JSON pointers such as /data/metadata/user_id";

test.each([
  [{ limit: 0 }, "config key 'limit' must be"],
  [{ limit: 2.5 }, "config key 'limit' must be a whole number, not 2.5"],
  [{ limit: "many" }, "config key 'limit' must be a number"],
  [{ refill: 0 }, "config key 'refill' must be"],
  [{ refill_per: "hour" }, "config key 'refill_per' must be"],
  [{ per: "user" }, `${PER}, and not 'user'`],
  [{ per: " " }, PER],
  [
    { kinds: "gateway.conection" },
    "config key 'kinds' has 'gateway.conection', which is none of gateway.connection, ",
  ],
  [{ kinds: "," }, "config key 'kinds' names none of gateway.connection, "],
])("refuses %j", async (config, message) => {
  const started = createHarness(createRateLimiter(), { config });
  await expect(started).rejects.toThrow(message);
});

test("a change counts at once, and a wrong one changes nothing", async () => {
  const harness = await createHarness(createRateLimiter({ now: () => 0 }), {
    config: { limit: 1, refill: 0.001 },
    answers: { "config.subscribe": () => ({ ok: true }) },
  });
  const call = async (): Promise<string> =>
    (await harness.send({ kind: "before_tool_call", tool_name: "bash", session_id: "s" })).action;
  expect([await call(), await call()]).toEqual(["continue", "block"]);
  harness.notify("config.changed", { key: "kinds", value: "nothing" });
  expect(await call()).toBe("block");
  harness.notify("config.changed", { key: "kinds", value: "*" });
  harness.notify("config.changed", { key: "limit", value: 2 });
  expect([await call(), await call(), await call()]).toEqual(["continue", "continue", "block"]);
  expect(harness.logs.filter((line) => line.startsWith("WARNING"))).toEqual([
    expect.stringMatching(/^WARNING: the changed limits are not used: config key 'kinds' has 'nothing'/),
  ]);
  await harness.stop();
});

test("the built extension lets exactly limit and burst through, for each of 20 sessions at the same time", async () => {
  const cwd = join(dirname(fileURLToPath(import.meta.url)), "..");
  const config = { limit: 10, burst: 5, refill: 0.001, refill_per: "minute" };
  await using child = await spawnHarness({ command: "node", args: ["dist/main.js"], cwd, config });
  const calls = Array.from({ length: 2_000 }, async (_, n) => {
    const session_id = `s-${n % 20}`;
    const { action } = await child.send({ kind: "before_tool_call", tool_name: "bash", session_id });
    return action === "continue" ? session_id : undefined;
  });
  const through = (await Promise.all(calls)).filter((session) => session !== undefined);
  expect(through).toHaveLength(20 * 15);
  expect(new Set(through.slice(0, 20)).size).toBe(20);
});
