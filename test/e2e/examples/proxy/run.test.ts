import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repo } from "../../../helpers/paths.js";

const run = (file: string, ...args: string[]) => promisify(execFile)(process.execPath, [repo(file), ...args]);

it("the example fires every kind, and two extensions see each of them", async () => {
  const { stdout, stderr } = await run("examples/proxy/dist/main.js");
  expect(stderr).toBe("");
  expect(stdout).toContain(`upload of 10 MB: POST of 10000000 bytes
TLS, without hooks: over TLS
client ends first: SSH-2.0-example / you said "SSH-2.0-client\\r\\n"
server speaks first: 220 example / 250 HELO example
no byte at all: 220 example
client breaks off: broken off
no backend: ECONNRESET
`);
  for (const kind of ["open", "packet", "close"])
    expect(stdout).toMatch(new RegExp(`^proxy\\.${kind} +(\\d+) +(\\1|absent) +\\1 `, "m"));
  expect(stdout).not.toContain("TLS, without hooks 1");
});

it("a small load: bytes as they were sent, each chunk once and in order, and books that add up", async () => {
  const size = ["--connections", "40", "--mib", "16", "--rounds", "1"];
  const { stdout } = await run("scripts/proxy-load.mjs", ...size, "--json");
  const { faults, exact, speed } = JSON.parse(stdout) as Record<string, never> & {
    exact: { books: Record<string, Record<string, number>> };
  };
  expect(faults).toEqual([]);
  expect(exact.books["proxy.packet"]).toMatchObject({ dropped: 0, lost: 0, waiting: 0 });
  expect(exact.books["proxy.open"]).toMatchObject({ offered: 40, answered: 40 });
  expect(speed).toHaveLength(1);
});
