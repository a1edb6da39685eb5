import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { MemoryRecord } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { memoryPath } from "../../../../packages/host/src/surfaces/memory/store.js";
import { writeAll } from "../../../../packages/host/src/surfaces/memory/writer.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { contents, fileLines, lines, openStore, put, record } from "./support.js";

const APPENDS = repo("test/host/surfaces/memory/fixtures/appends.mjs");

/** Starts a writer; what it acknowledged goes to a file, so that nothing of it is lost with a killed process. */
function writer(
  baseDir: string,
  count: number,
  name: string,
  window = 1,
): { acked: string; child: ReturnType<typeof spawn> } {
  const acked = join(tempDir(), name);
  const out = openSync(acked, "w");
  const child = spawn(process.execPath, [APPENDS, baseDir, `${count}`, name, `${window}`], {
    stdio: ["ignore", out, "inherit"],
  });
  closeSync(out);
  return { acked, child };
}

function stored(baseDir: string): string[] {
  // A writer that looks in the middle of another's write ends what it takes for a torn line: with an empty one.
  return fileLines(memoryPath(baseDir, "notes"))
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as MemoryRecord).content);
}

/** Contents that were acknowledged with whole lines. */
function acknowledged(path: string): string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith("ok "))
    .map((line) => line.slice(3));
}

it(
  verifies("MEM-020") + "several processes append at the same time, and no line is torn or lost",
  async () => {
    const baseDir = tempDir();
    const writers = [1, 4, 16].map((window) => writer(baseDir, 400, `w${window}`, window));
    await Promise.all(writers.map(({ child }) => once(child, "exit")));
    const all = writers.flatMap(({ acked }) => acknowledged(acked));
    expect(all).toHaveLength(1_200);
    expect(stored(baseDir).sort()).toEqual(all.sort());
  },
);

it(
  verifies("MEM-021") + "kill -9 at any moment loses no acknowledged record, and the next writer goes on",
  async () => {
    const baseDir = tempDir();
    const all: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const { acked, child } = writer(baseDir, 1_000_000, `r${round}`, round % 2 === 0 ? 1 : 8);
      // A different number of records each time, and then in the middle of whatever it does.
      await until("enough was written", () => statSync(acked).size > 2_000 + round * 7_919);
      child.kill("SIGKILL");
      await once(child, "exit");
      all.push(...acknowledged(acked));
    }
    const { store } = openStore(baseDir);
    await store.append(record("after all"));
    const found = new Set(
      readFileSync(memoryPath(baseDir, "notes"), "utf8")
        .split("\n")
        .flatMap((line) => (line.endsWith("}") ? [(JSON.parse(line) as MemoryRecord).content] : [])),
    );
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter((content) => !found.has(content))).toEqual([]);
    expect(found.has("after all")).toBe(true);
  },
);

it(
  verifies("MEM-022") + "records that come while one is written go out together, in their order",
  async () => {
    const { store, path } = openStore();
    const names = Array.from({ length: 300 }, (_, n) => `n${n}`);
    await Promise.all(names.map((name) => store.append(record(name))));
    expect(fileLines(path).map((line) => (JSON.parse(line) as MemoryRecord).content)).toEqual(names);
  },
);

it(
  verifies("MEM-022") +
    "a file that is replaced, cut or removed between two records gets the next one all the same",
  async () => {
    const { store, path, baseDir } = openStore();
    await store.append(record("one"));
    execFileSync("mv", [path, `${path}.old`]);
    await store.append(record("two"));
    expect(stored(baseDir)).toEqual(["two"]);
    writeFileSync(path, "");
    await store.append(record("three"));
    expect(stored(baseDir)).toEqual(["three"]);
    writeFileSync(`${path}.new`, '{"torn');
    execFileSync("mv", [`${path}.new`, path]);
    await store.append(record("four"));
    expect(fileLines(path)[0]).toBe('{"torn');
    expect(await contents(store)).toEqual(["four"]);
  },
);

it.skipIf(process.platform === "win32")(
  verifies("MEM-023") + "a write that the system cuts short fails for what did not fit, and for that alone",
  async () => {
    const baseDir = tempDir();
    // The shell's limit on file sizes makes the kernel take a part of a write and refuse the rest, as a full disk does.
    const run = `trap '' XFSZ; ulimit -f 2; exec "$@"`;
    const limited = spawnSync(
      "sh",
      ["-c", run, "sh", process.execPath, APPENDS, baseDir, "60", "limited", "5"],
      {
        encoding: "utf8",
      },
    );
    expect(limited.stderr).toBe("");
    const outcomes = limited.stdout.trimEnd().split("\n");
    const fitted = outcomes.filter((line) => line.startsWith("ok ")).map((line) => line.slice(3));
    const failed = outcomes.filter((line) => !line.startsWith("ok "));
    expect(fitted.length).toBeGreaterThan(5);
    expect(failed.length).toBeGreaterThan(5);
    for (const line of failed) expect(line).toMatch(/^failed MEMORY_UNAVAILABLE EFBIG /);
    const { store } = openStore(baseDir);
    const newest = await contents(store, { limit: 1_000 });
    expect(newest.sort()).toEqual(fitted.sort());
    await store.append(record("room again"));
    expect(await contents(store, { content_contains: "room again" })).toEqual(["room again"]);
  },
);

it.skipIf(!existsSync("/dev/full"))(verifies("MEM-023") + "a full disk is told", async () => {
  const full = await open("/dev/full", "a");
  const { written, error } = await writeAll(full, Buffer.from("line\n"));
  await full.close();
  expect([written, (error as NodeJS.ErrnoException).code]).toEqual([0, "ENOSPC"]);
});

it(verifies("MEM-024") + "what is no file is neither written nor waited for", async () => {
  const { store, path } = openStore();
  put(join(path, "inside"), "");
  await expect(store.append(record("x"))).rejects.toThrow("is not a file");
  await expect(store.query({})).rejects.toThrow("is not a file");
  if (process.platform === "win32") return;
  const pipe = openStore();
  put(pipe.path, "");
  execFileSync("sh", ["-c", 'rm "$1" && mkfifo "$1"', "sh", pipe.path]);
  await expect(pipe.store.append(record("x"))).rejects.toThrow("is not a file");
  await expect(pipe.store.query({})).rejects.toThrow("is not a file");
});

it(verifies("MEM-025") + "a store that was closed can be used again", async () => {
  const { store, path } = openStore();
  put(path, lines(record("one")));
  expect(await contents(store)).toEqual(["one"]);
  await store.close();
  await store.append(record("two", { timestamp_ms: 2_000 }));
  expect(await contents(store)).toEqual(["two", "one"]);
});

it(
  verifies("REC-006") + "notes do not go through a link out of the base folder, of the file or its folder",
  async () => {
    const mine = join(tempDir(), "mine");
    writeFileSync(mine, "mine\n");
    const kits = [openStore(), openStore()];
    const [file, folder] = kits;
    mkdirSync(join(file!.path, ".."));
    symlinkSync(mine, file!.path);
    symlinkSync(join(mine, ".."), join(folder!.baseDir, "memory"));
    for (const { store } of kits) await expect(store.append(record("note"))).rejects.toThrow(", out of '");
    expect(readFileSync(mine, "utf8")).toBe("mine\n");
    expect(readdirSync(join(mine, ".."))).toEqual(["mine"]);
  },
);
