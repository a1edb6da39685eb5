import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnHarness, type SpawnHarness } from "@synaps/sdk/testing";
import { expect, onTestFinished, test } from "vitest";
import { BEHAVIOURS, receiver, SECRET, until, type Behaviour } from "./support/receiver.js";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "..");

async function started(url: string): Promise<SpawnHarness> {
  const config = { webhook_url: url, repeat_seconds: 0 };
  const child = await spawnHarness({ command: "node", args: ["dist/main.js"], cwd: FOLDER, config });
  onTestFinished(async () => void (await child.stop()));
  return child;
}

test("the built extension delivers at its stop what waits, and tells what it could not", async () => {
  const quick = await receiver(() => BEHAVIOURS.ok);
  const held: Behaviour[] = [];
  const slow = await receiver(() => (response, request) => {
    held.push(() => response.end());
    request.on("close", () => {});
  });
  const [one, other] = await Promise.all([started(quick.url), started(slow.url)]);
  for (let n = 0; n < 20; n += 1) for (const child of [one, other]) child.publish("cost.alert", { n });
  await until(other, ({ offered }) => offered === 20 && held.length === 1);
  await until(one, ({ offered }) => offered === 20);
  expect(await Promise.all([one.stop(), other.stop()])).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
  expect(quick.received).toHaveLength(20);
  expect(one.stderr).toContain("delivered 20, retried 0, given up 0, dropped 0");
  expect(one.stderr).not.toContain("not delivered");
  expect(other.stderr).toContain("20 messages were not delivered: cost.alert");
  expect(`${one.stderr}${other.stderr}`).not.toContain(SECRET);
});

test("nobody listens: each message is given up with the reason, and without the address", async () => {
  const { url } = await receiver(() => BEHAVIOURS.reset);
  const config = { webhook_url: url, attempts: 2, backoff_seconds: 0.001 };
  const child = await spawnHarness({ command: "node", args: ["dist/main.js"], cwd: FOLDER, config });
  onTestFinished(async () => void (await child.stop()));
  child.publish("cost.alert", {});
  expect(await until(child, ({ given_up }) => given_up === 1)).toMatchObject({ retried: 1 });
  await child.stop();
  expect(child.stderr).toContain("cost.alert is given up after 2 tries: ECONNRESET");
  expect(child.stderr).not.toContain("127.0.0.1");
});
