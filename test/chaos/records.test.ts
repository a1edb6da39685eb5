import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";

const run = promisify(execFile);

it(
  verifies("REC-001", "REC-005", "REC-008") +
    "processes that change the same files and are killed at random lose nothing that was acknowledged",
  { timeout: 300_000 },
  async () => {
    // A small part of the whole run.
    const sizes = "--rounds 1 --processes 3 --changes 20 --kills 1 --takeovers 10 --seed 1".split(" ");
    const { stdout } = await run(process.execPath, ["scripts/records.mjs", ...sizes], { cwd: repo(".") });
    expect(JSON.parse(stdout)).toMatchObject({
      acknowledged: 60,
      lost: 0,
      torn: 0,
      errors: 0,
      takeovers: { tries: 10, withoutOneWinner: 0, notAlone: 0 },
    });
  },
);
