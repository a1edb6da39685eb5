import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "../src/settings.js";

const DEFAULTS = {
  path: "data/audit.jsonl",
  format: "json",
  max_bytes: 52_428_800,
  max_files: 0,
  content: "summary",
  chain: "off",
  fsync: "never",
  key: "",
};

test("the defaults, with the path inside the extension's folder", () => {
  expect(readSettings(DEFAULTS, "/srv/audit-log")).toEqual({
    folder: "/srv/audit-log/data",
    name: "audit",
    ending: ".jsonl",
    format: "json",
    maxFileBytes: 52_428_800,
    files: 0,
    content: "summary",
    key: undefined,
    chain: false,
    fsync: false,
  });
});

test.each([
  [
    { path: " " },
    "config key 'path' must be a file's path that ends with a name and an ending, as audit.jsonl",
  ],
  [{ path: "/" }, "config key 'path' must be a file's path"],
  [{ path: "/var/log/audit" }, "config key 'path' must be a file's path"],
  [{ path: "logs/a.b.jsonl" }, "config key 'path' must be a file's path"],
  [{ path: "~root/a.jsonl" }, "config key 'path' may begin with ~/ for your own home folder"],
  [{ path: "~" }, "config key 'path' may begin with ~/"],
  [{ format: "xml" }, "config key 'format' must be json or text, not 'xml'"],
  [{ chain: "yes" }, "config key 'chain' must be off or on, not 'yes'"],
  [{ max_bytes: 1023 }, "config key 'max_bytes' must be a whole number of at least 1024, not 1023"],
  [{ max_bytes: 2048.5 }, "config key 'max_bytes' must be a whole number of at least 1024, not 2048.5"],
  [{ max_files: -1 }, "config key 'max_files' must be a whole number of at least 0, not -1"],
  [{ content: "all" }, "config key 'content' must be none or summary or full, not 'all'"],
  [{ fsync: "sometimes" }, "config key 'fsync' must be never or always, not 'sometimes'"],
])("refuses %j", (wrong, message) => {
  expect(() => readSettings({ ...DEFAULTS, ...wrong }, "/srv/audit-log")).toThrow(message);
});

test.each([
  ["audit/a.jsonl", "/srv/audit-log/audit", "a"],
  ["../a.jsonl", "/srv", "a"],
  ["~/audit/a.jsonl", join(homedir(), "audit"), "a"],
  [" /var/log/a.jsonl ", "/var/log", "a"],
])("takes the path %j", (path, folder, name) => {
  expect(readSettings({ ...DEFAULTS, path }, "/srv/audit-log")).toMatchObject({ folder, name });
});

test("takes a key, and names no key in what it refuses", () => {
  const config = { ...DEFAULTS, key: "only for this test" };
  expect(readSettings(config, "/srv")).toMatchObject({ key: "only for this test" });
  const refuse = (): unknown => readSettings({ ...config, format: "xml" }, "/srv");
  expect(refuse).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("only for this") as unknown }),
  );
});
