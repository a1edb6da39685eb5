import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConsentStore, hashTree } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { evaluateConsent } from "../../../../packages/host/src/loading/permission/evaluate.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";

describe("what may run", () => {
  it.each([
    ["named", undefined, { type: "run" }],
    ["named", { hash: "other" }, { type: "run" }],
    ["user", undefined, { type: "run_and_record" }],
    ["user", { hash: "now" }, { type: "run" }],
    ["user", { hash: "other" }, { type: "pending", why: "changed" }],
    ["project", undefined, { type: "pending", why: "new" }],
    ["project", { hash: "now" }, { type: "run" }],
    ["project", { hash: "other" }, { type: "pending", why: "changed" }],
  ] as const)("from a %s folder with the record %j", (origin, record, expected) => {
    expect(evaluateConsent(origin, record, "now")).toEqual(expected);
  });
});

describe("the hash of an extension's code", () => {
  const make = () => {
    const parent = tempDir();
    return writeExtension(parent, "x", { command: "node" }, { "main.js": "1", "lib/a.js": "2" });
  };

  it("changes with any file's name or content, and with links", async () => {
    const root = make();
    const seen = new Set([await hashTree(root)]);
    const change = async (what: () => void): Promise<void> => {
      what();
      const hash = await hashTree(root);
      expect(seen.has(hash)).toBe(false);
      seen.add(hash);
    };
    await change(() => writeFileSync(join(root, "lib/a.js"), "3"));
    await change(() => writeFileSync(join(root, "lib/b.js"), ""));
    await change(() => symlinkSync("/bin/sh", join(root, "link")));
    await change(() => writeFileSync(join(root, ".synaps-plugin/plugin.json"), "{}"));
    expect([...seen].every((hash) => /^sha256:[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  it("does not change with what host and extension write", async () => {
    const root = make();
    const before = await hashTree(root);
    writeFileSync(join(root, "config"), "key = value");
    for (const folder of ["data", "cache", "logs", "lib/__pycache__"]) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, "file"), "x");
    }
    expect(await hashTree(root)).toBe(before);
  });

  it("leaves nothing out below the top", async () => {
    const root = make();
    const before = await hashTree(root);
    mkdirSync(join(root, "lib/data"));
    writeFileSync(join(root, "lib/data/code.js"), "evil");
    expect(await hashTree(root)).not.toBe(before);
  });

  it("cannot be fooled by a content that looks like a name", async () => {
    const one = tempDir();
    const two = tempDir();
    writeFileSync(join(one, "a"), "1");
    writeFileSync(join(one, "b"), "2");
    writeFileSync(join(two, "a"), ["1", "file", "b", "2"].join("\0"));
    expect(await hashTree(one)).not.toBe(await hashTree(two));
  });
});

describe("the record of approvals", () => {
  const record = {
    root: "/x",
    version: null,
    hash: "sha256:1",
    permissions: [],
    hooks: [],
    env: [],
    granted_at: "2026-01-01T00:00:00.000Z",
  };

  it("is empty at first, and private once written", async () => {
    const store = new ConsentStore(tempDir());
    expect(await store.read()).toEqual(new Map());
    await store.write(new Map([["/x", record]]));
    expect(await store.read()).toEqual(new Map([["/x", record]]));
    expect((await stat(store.path)).mode & 0o777).toBe(0o600);
  });

  it.each(["{", "[]", '{"version":2,"extensions":{}}', '{"version":1,"extensions":{"/x":{}}}'])(
    "that was damaged approves nothing and is left as it is: %s",
    async (text) => {
      const store = new ConsentStore(tempDir());
      await store.write(new Map());
      writeFileSync(store.path, text);
      await expect(store.read()).rejects.toMatchObject({ code: "CONSENT_UNREADABLE" });
      expect(await readFile(store.path, "utf8")).toBe(text);
    },
  );

  it.skipIf(process.getuid?.() === 0)("that may not be read is an error, not an empty record", async () => {
    const store = new ConsentStore(tempDir());
    await store.write(new Map());
    chmodSync(store.path, 0);
    await expect(store.read()).rejects.toMatchObject({ code: "CONSENT_UNREADABLE" });
  });
});
