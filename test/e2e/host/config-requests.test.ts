import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { ask, refusal } from "./support/asks.js";
import { ALL, configKit, get, put } from "./support/config-kit.js";

it(verifies("RPC-001") + "what an extension sets stands in its file, and is read back", async () => {
  const { host, path } = await configKit(ALL, {}, "# mine\nname = Ann\n");
  expect(await ask(host, "config.set", { key: "name", value: "Bob" }, 9)).toMatchObject({
    id: 9,
    result: { ok: true },
  });
  expect(await get(host, "name")).toEqual({ value: "Bob" });
  await ask(host, "config.set", { key: "other", value: "x = y" });
  expect(await get(host, "other")).toEqual({ value: "x = y" });
  expect(readFileSync(path, "utf8")).toBe("# mine\nname = Bob\nother = x = y\n");
});

it(
  verifies("RPC-002") + "reading needs no permission; protocols 1 and 2 get the text of the file or null",
  async () => {
    for (const protocol_version of [1, 2]) {
      const { host, path } = await configKit([], { protocol_version }, "size = 7\n");
      expect(await get(host, "size")).toEqual({ value: "7" });
      for (const key of ["name", "loud", "secret", "absent"])
        expect(await get(host, key)).toEqual({ value: null });
      put(path, "size = 8\n");
      expect(await get(host, "size")).toEqual({ value: "8" });
    }
  },
);

it(verifies("RPC-003") + "setting needs config.write, and nothing is written without it", async () => {
  const { host, path } = await configKit([], {}, "name = Ann\n");
  const told = await refusal(host, "config.set", { key: "name", value: "Bob" });
  expect(told).toBe("-32602 permission denied: config.write required");
  expect(await refusal(host, "config.subscribe", {})).toBe(
    "-32602 permission denied: config.subscribe required",
  );
  expect(readFileSync(path, "utf8")).toBe("name = Ann\n");
});

it.each<[method: string, params: unknown, field: string]>([
  ["config.get", {}, "key"],
  ["config.get", { key: 5 }, "key"],
  ["config.get", { key: "" }, "key"],
  ["config.get", { key: "a.b" }, "key"],
  ["config.get", [], "key"],
  ["config.set", { value: "x" }, "key"],
  ["config.set", { key: "../x", value: "x" }, "key"],
  ["config.set", { key: "a b", value: "x" }, "key"],
  ["config.set", { key: "a=b", value: "x" }, "key"],
  ["config.set", { key: "name" }, "value"],
  ["config.set", { key: "name", value: 5 }, "value"],
  ["config.set", { key: "name", value: true }, "value"],
  ["config.set", { key: "name", value: null }, "value"],
  ["config.set", { key: "name", value: { a: 1 } }, "value"],
  ["config.set", { key: "name", value: "a\nb = c" }, "value"],
])(verifies("RPC-010") + "%s %j of protocol 1 names the parameter '%s'", async (method, params, field) => {
  const { host, path } = await configKit(ALL);
  expect(await refusal(host, method, params)).toContain(`-32602 missing or invalid '${field}' parameter`);
  expect(() => readFileSync(path)).toThrow("ENOENT");
});

it(verifies("RPC-010") + "white space around a key does not count", async () => {
  const { host, path } = await configKit(ALL);
  expect((await ask(host, "config.set", { key: " tone ", value: "calm" })).result).toEqual({ ok: true });
  expect(readFileSync(path, "utf8")).toContain("tone = calm");
  expect((await ask(host, "config.get", { key: "\ttone" })).result).toEqual({ value: "calm" });
});

it(verifies("RPC-011") + "protocol 3 gets and sets values in their types", async () => {
  const { host, path } = await configKit(ALL, { protocol_version: 3 }, "size = 7\nloud = yes\nfree = 1\n");
  expect(await get(host, "size")).toEqual({ value: 7 });
  expect(await get(host, "loud")).toEqual({ value: true });
  expect(await get(host, "free")).toEqual({ value: "1" });
  expect(await get(host, "secret")).toEqual({ value: "sk-canary-4711" });
  await ask(host, "config.set", { key: "loud", value: false });
  await ask(host, "config.set", { key: "size", value: null });
  expect(await get(host, "size")).toEqual({ value: 3 });
  expect(readFileSync(path, "utf8")).toBe("loud = false\nfree = 1\n");
  expect(await refusal(host, "config.set", { key: "size", value: "much" })).toBe(
    "-32602 missing or invalid 'value' parameter: 'size' must be a number",
  );
});

it(verifies("RPC-012") + "a file that cannot be used answers -32000", async () => {
  const { host, path } = await configKit(ALL, {}, "name = Ann\n");
  rmSync(path);
  mkdirSync(path);
  expect(await refusal(host, "config.get", { key: "name" })).toMatch(
    /^-32000 The configuration file .* cannot be read/,
  );
  expect(await refusal(host, "config.set", { key: "name", value: "x" })).toMatch(/^-32000 /);
});
