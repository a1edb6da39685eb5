import { spawnHarness, type SpawnHarness, type SpawnHarnessOptions } from "@synaps/sdk/testing";
import { onTestFinished } from "vitest";
import { repo } from "./paths.js";

export const SDK_FIXTURES = repo("test/sdk/fixtures");

/** A script of `test/sdk/fixtures` as a child after the handshake; it is gone when the test is over. */
export async function spawnFixture(
  name: string,
  options: Partial<SpawnHarnessOptions> = {},
): Promise<SpawnHarness> {
  const harness = await spawnHarness({
    command: process.execPath,
    args: [name],
    cwd: SDK_FIXTURES,
    ...options,
  });
  onTestFinished(async () => void (await harness.stop()));
  return harness;
}
