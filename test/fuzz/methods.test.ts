import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";

const run = promisify(execFile);

it("whatever extensions answer, tell and ask, nothing throws, hangs or grows in the host", async () => {
  const short = ["--count", "10000", "--seed", "7", "--handshakes", "20"];
  const { stdout } = await run(process.execPath, ["scripts/fuzz-methods.mjs", ...short], { cwd: repo(".") });
  const { messages, handshakes } = JSON.parse(stdout) as Record<string, number>;
  expect(messages).toBeGreaterThanOrEqual(10_000);
  expect(handshakes).toBe(20);
});
