import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";

it("three agents in three projects are answered by their own guards, none is lost, and the audit has all", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    repo("scripts/service-load.mjs"),
    "--events",
    "300",
    "--json",
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ events: 300, faults: [] });
});
