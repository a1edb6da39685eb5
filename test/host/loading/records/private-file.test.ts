import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConsentStore, type ConsentRecord } from "@synaps/host/tooling";
import { MalformedFile } from "../../../../packages/host/src/loading/records/change-file.js";
import { PrivateJson } from "../../../../packages/host/src/loading/records/private-file.js";
import { QuarantineStore } from "../../../../packages/host/src/loading/records/quarantine-store.js";
import { TrustStore } from "../../../../packages/host/src/loading/records/trust-store.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";

const numbers = (path: string): PrivateJson<number[]> =>
  new PrivateJson({ baseDir: dirname(path), path }, (value) => {
    if (Array.isArray(value)) return value as number[];
    throw new TypeError("no list");
  });

describe("a private JSON file", () => {
  it("is made with its folder, for this user alone, and leaves nothing beside it", async () => {
    const path = join(tempDir(), "folder", "list.json");
    const file = numbers(path);
    expect(await file.read()).toBeUndefined();
    await file.update((list) => [...(list ?? []), 1]);
    expect(await file.read()).toEqual([1]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(["extensions", "list.json"]);
    expect(readdirSync(join(dirname(path), "extensions", "locks"))).toEqual([]);
  });

  it("loses no change of two writers in one program", async () => {
    const path = join(tempDir(), "list.json");
    const [one, two] = [numbers(path), numbers(path)];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).update((list) => [...(list ?? []), n])),
    );
    expect((await one.read())?.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it("is not written when the change wants none, nor when its content is of another shape", async () => {
    const path = join(tempDir(), "list.json");
    await numbers(path).update(() => undefined);
    expect(existsSync(path)).toBe(false);
    for (const text of ["{}", "[1", ""]) {
      writeFileSync(path, text);
      await expect(numbers(path).read()).rejects.toBeInstanceOf(MalformedFile);
      await expect(numbers(path).update(() => [1])).rejects.toBeInstanceOf(MalformedFile);
      expect(statSync(path).size).toBe(text.length);
    }
  });
});

describe("a file of several programs", () => {
  it("keeps the changes of several programs apart", async () => {
    const path = join(tempDir(), "list.json");
    const module = JSON.stringify(repo("packages/host/dist/loading/records/private-file.js"));
    const program = `const { PrivateJson } = await import(${module});
const file = new PrivateJson({ baseDir: process.argv[2], path: process.argv[1] }, (value) => value);
for (let n = 0; n < 10; n += 1) await file.update((list) => [...(list ?? []), process.pid * 100 + n]);`;
    const programs = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ["--input-type=module", "-e", program, path, dirname(path)], {
        stdio: "inherit",
      }),
    );
    const codes = await Promise.all(
      programs.map((one) => new Promise<number | null>((resolve) => one.once("exit", resolve))),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(new Set(await numbers(path).read()).size).toBe(40);
  });
});

describe("records that several hosts share", () => {
  it("quarantines of two hosts stand beside each other, and each host ends its own", async () => {
    const baseDir = tempDir();
    const [one, two] = [new QuarantineStore(baseDir), new QuarantineStore(baseDir)];
    await Promise.all([one.load(), two.load()]);
    await one.set("/x", { since: 1, reason: "crashed" });
    await two.set("/y", { since: 2, reason: "crashed, too" });
    await two.set("/x", undefined);
    await one.set("/z", { since: 3, reason: "again" });
    const next = new QuarantineStore(baseDir);
    await next.load();
    expect(["/x", "/y", "/z"].map((root) => next.get(root)?.since)).toEqual([undefined, 2, 3]);
  });

  it("a damaged record of quarantines is kept aside, at the start and at a change", async () => {
    const baseDir = tempDir();
    const store = new QuarantineStore(baseDir);
    mkdirSync(join(baseDir, "extensions"));
    writeFileSync(store.path, "{");
    expect(await store.load()).toContain(`${store.path}.unreadable`);
    writeFileSync(store.path, "[]");
    await store.set("/x", { since: 1, reason: "crashed" });
    const next = new QuarantineStore(baseDir);
    expect(await next.load()).toBeUndefined();
    expect(next.get("/x")?.since).toBe(1);
  });

  it("an approval and a switched-off provider survive what another program writes", async () => {
    const baseDir = tempDir();
    const record: ConsentRecord = {
      root: "/x",
      version: null,
      hash: "h",
      permissions: [],
      hooks: [],
      env: [],
      granted_at: "2026-01-01T00:00:00.000Z",
    };
    const stores = ["/x", "/y", "/z"].map((root) => ({ root, store: new ConsentStore(baseDir) }));
    await Promise.all(stores.map(({ root, store }) => store.write(new Map([[root, { ...record, root }]]))));
    expect([...(await new ConsentStore(baseDir).read()).keys()]).toEqual(["/x", "/y", "/z"]);
    const trusts = [new TrustStore(baseDir), new TrustStore(baseDir)];
    await Promise.all(trusts.map((trust, n) => trust.set(`provider-${n}`, true)));
    expect([...(await new TrustStore(baseDir).disabled()).keys()].sort()).toEqual([
      "provider-0",
      "provider-1",
    ]);
  });
});
