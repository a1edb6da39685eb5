import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConsentStore, hashTree } from "@synaps/host/tooling";
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

  it.each(["config", "data", "cache", ".cache", "logs", "__pycache__", ".git", ".DS_Store"])(
    "passes over %s at the top, as a file and as a folder, and not over the name below",
    async (name) => {
      for (const put of [
        (at: string) => writeFileSync(at, "x"),
        (at: string) => (mkdirSync(at), writeFileSync(join(at, "file"), "x")),
      ]) {
        const root = make();
        const before = await hashTree(root);
        put(join(root, name));
        expect(await hashTree(root)).toBe(before);
        put(join(root, "lib", name));
        const below = await hashTree(root);
        if (name === "__pycache__") expect(below).toBe(before);
        else expect(below).not.toBe(before);
      }
    },
  );

  it("passes over the other forms of the configuration file, and over no name that is only like one", async () => {
    const root = make();
    const before = await hashTree(root);
    for (const name of [".config-12-3.tmp", "config.unreadable", "config.unreadable-12"])
      writeFileSync(join(root, name), "x");
    expect(await hashTree(root)).toBe(before);
    const seen = new Set([before]);
    for (const name of [
      "a.config-1-2.tmp",
      ".config-1-2.tmp.js",
      ".config-x-2.tmp",
      ".config-1-x.tmp",
      ".config-1-2xtmp",
      "a-config.unreadable",
      "config.unreadable.js",
      "config.unreadable-x",
      "configXunreadable",
      "config.js",
    ]) {
      writeFileSync(join(root, name), "");
      seen.add(await hashTree(root));
    }
    expect(seen.size).toBe(11);
  });

  it("is the same for the same files, whatever the order in which they were written", async () => {
    const [one, two] = [tempDir(), tempDir()];
    const names = ["b", "a", "ä", "A", "ab", "a-", "lib"];
    const write = (root: string, name: string): void => {
      if (name !== "lib") return writeFileSync(join(root, name), name);
      mkdirSync(join(root, "lib"));
      writeFileSync(join(root, "lib", "z"), "");
      writeFileSync(join(root, "lib", "y"), "");
    };
    for (const name of names) write(one, name);
    for (const name of names.toReversed()) write(two, name);
    expect(await hashTree(one)).toBe(await hashTree(two));
  });

  it("is of this form, byte by byte: approvals of earlier versions go on holding", async () => {
    const root = tempDir();
    const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
    mkdirSync(join(root, "lib"));
    writeFileSync(join(root, "lib", "a"), "1");
    writeFileSync(join(root, "B"), "2");
    symlinkSync("/bin/sh", join(root, "lib", "link"));
    const parts = [`file\0B\0${hashOf("2")}\0`, `file\0lib/a\0${hashOf("1")}\0`, "link\0lib/link\0/bin/sh\0"];
    expect(await hashTree(root)).toBe(`sha256:${hashOf(parts.join(""))}`);
  });

  it("tells a link from a file, and passes over pipes, which nobody could read to their end", async () => {
    const root = make();
    const before = await hashTree(root);
    execFileSync("mkfifo", [join(root, "pipe")]);
    expect(await hashTree(root)).toBe(before);
    symlinkSync("main.js", join(root, "link"));
    const linked = await hashTree(root);
    rmSync(join(root, "link"));
    symlinkSync("lib/a.js", join(root, "link"));
    expect(new Set([before, linked, await hashTree(root)]).size).toBe(3);
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
