import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { createHarness, eventsOf, type Harness } from "@synaps/sdk/testing";
import { expect, onTestFinished, test } from "vitest";
import { createAllowlist, type Repeat } from "../src/extension.js";

const events = eventsOf(gatewayCatalog);

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ip-allowlist-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function refusal(config: Record<string, string>, root: string | null = null): Promise<string> {
  const starts = createHarness(createAllowlist(), { config, root });
  return starts.then(
    () => "it started",
    (error: Error) => error.message,
  );
}

const INTRO = "the allow-list lets nobody in until it is corrected: ";

test.each([
  [{}, "there is no address: set the config key 'addresses', 'file' or both"],
  [{ addresses: " ,; " }, "there is no address: set the config key 'addresses', 'file' or both"],
  [
    { addresses: "10.0.0.1, 10.0.0.300" },
    "config key 'addresses', entry 2, '10.0.0.300': '10.0.0.300' is no IP address",
  ],
  [
    { addresses: "10.0.0.0/33" },
    "config key 'addresses', entry 1, '10.0.0.0/33': '/33' is not a number of bits from 0 to 32",
  ],
  [
    { addresses: "10.0.0.1:80" },
    "config key 'addresses', entry 1, '10.0.0.1:80': '10.0.0.1:80' has a port, and addresses are compared without one",
  ],
  [{ addresses: "1.2.3/24 office fe80::1%eth0 ::1/129 10.0.0.0/255.0.0.0 a b" }, "; and 2 more"],
  [{ file: "list.txt" }, "config key 'file' must be an absolute path under this host"],
  [{ file: "/nowhere/list.txt" }, "the file '/nowhere/list.txt' cannot be read: ENOENT"],
])("at the start %j is refused with its place and what is wrong", async (config, message) => {
  const text = await refusal(config);
  expect(text.startsWith(INTRO)).toBe(true);
  expect(text.slice(INTRO.length)).toContain(message);
});

test("a wrong line, an empty file, a folder, a pipe and a file that is too large are refused", async () => {
  const root = folder();
  const file = join(root, "list.txt");
  const refused = (): Promise<string> => refusal({ file: "list.txt" }, root);
  writeFileSync(file, "\uFEFF10.0.0.1\r\n# 10.0.0.2\n10.0.0,3 # typo\n");
  expect(await refused()).toBe(`${INTRO}line 3 of '${file}', '10.0.0,3': '10.0.0,3' is no IP address`);
  writeFileSync(file, "10.0.0.1\u001b[2J\n");
  expect(await refused()).toContain("'10.0.0.1?[2J'");
  writeFileSync(file, "# nobody yet\n\n");
  expect(await refused()).toContain(`neither 'addresses' nor the file '${file}' has one`);
  writeFileSync(file, Buffer.alloc(8 * 1024 * 1024 + 1, "1"));
  expect(await refused()).toContain("has 8388609 bytes, at most 8388608 are read");
  writeFileSync(file, "10.0.0.1\n".repeat(100_001));
  expect(await refused()).toContain("100001 addresses and ranges, at most 100000 are allowed");
  rmSync(file);
  mkdirSync(file);
  expect(await refused()).toContain("is no file");
  if (process.platform === "win32") return;
  rmSync(file, { recursive: true });
  spawnSync("mkfifo", [file]);
  // Nobody writes into it: a plain read would wait for ever.
  expect(await refused()).toContain("is no file");
});

/** An allow-list whose looks at the file are made by the test. */
async function watched(config: Record<string, string>, root: string) {
  let look: (() => void) | undefined;
  const repeat: Repeat = (run) => {
    look = run;
    return { end: () => (look = look === run ? undefined : look) };
  };
  const harness = await createHarness(createAllowlist(repeat), { config, root });
  onTestFinished(() => harness.stop());
  const stats = async (): Promise<{ entries: number; problem: string | null }> =>
    (await harness.callTool("stats", {})) as never;
  const until = async (
    holds: (now: { entries: number; problem: string | null }) => boolean,
  ): Promise<void> => {
    for (let now = await stats(); !holds(now); now = await stats()) {
      look?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { harness, until, look: () => look?.() };
}

const actionFor = async (harness: Harness, peer_ip: string): Promise<string> =>
  (await harness.send(events["gateway.connection"]({ data: { peer_addr: peer_ip, peer_ip } }) as never))
    .action;

test("a change of the file counts; a wrong, empty or missing one keeps the list before, and says so", async () => {
  const root = folder();
  const file = join(root, "list.txt");
  writeFileSync(file, "10.0.0.1\n");
  const { harness, until } = await watched({ file: "list.txt" }, root);

  writeFileSync(file, "10.0.0.1\n10.0.0.2\n");
  await until(({ entries }) => entries === 2);
  expect(await actionFor(harness, "10.0.0.2")).toBe("continue");

  writeFileSync(file, "10.0.0.2\n10.0.0.l\n");
  await until(({ problem }) => problem !== null);
  expect(await actionFor(harness, "10.0.0.1")).toBe("continue");
  const problem = `line 2 of '${file}', '10.0.0.l': '10.0.0.l' is no IP address`;
  expect(harness.logs).toContain(
    `WARNING: the changed allow-list is not used, the one before stays (2 entries): ${problem}`,
  );
  expect(harness.published.map(({ topic, data }) => [topic, data])).toEqual([
    ["allowlist.refused", { problem, entries: 2 }],
  ]);

  rmSync(file);
  await until((now) => now.problem?.includes("ENOENT") === true);
  writeFileSync(`${file}.new`, "# nobody\n");
  renameSync(`${file}.new`, file);
  await until((now) => now.problem?.includes("there is no address") === true);
  expect(await actionFor(harness, "10.0.0.1")).toBe("continue");

  writeFileSync(file, "10.0.0.9\n");
  await until((now) => now.problem === null);
  expect(await actionFor(harness, "10.0.0.1")).toBe("block");
  expect(harness.published).toHaveLength(3);
});

test("keys that change while it runs are followed, and wrong ones change nothing", async () => {
  const { harness, until } = await watched({ addresses: "10.0.0.1" }, folder());
  harness.notify("config.changed", { key: "addresses", value: "10.0.0.2 10.0.0.3" });
  await until(({ entries }) => entries === 2);
  harness.notify("config.changed", { key: "addresses", value: null });
  await until(({ problem }) => problem !== null);
  expect(await actionFor(harness, "10.0.0.2")).toBe("continue");
  expect(await actionFor(harness, "10.0.0.1")).toBe("block");
});
