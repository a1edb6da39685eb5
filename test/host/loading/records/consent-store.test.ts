import { chmodSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { ConsentStore } from "@synaps/host/tooling";
import { describe, expect, it } from "vitest";
import { tempDir } from "../../../helpers/temp.js";

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
