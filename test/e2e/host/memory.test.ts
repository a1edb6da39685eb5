import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MemoryRecord } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { startedHost, testHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { ask, asker, refusal } from "./support/asks.js";
import { call, told } from "./support/fixture.js";

const BOTH = ["memory.read", "memory.write"];

it.each([1, 2, 3])(
  verifies("RPC-005") + "protocol %i stores notes and finds them again, in its own namespace",
  async (protocol_version) => {
    const [folder, baseDir] = [tempDir(), tempDir()];
    asker(folder, BOTH, { extension: { protocol_version } });
    const { host } = await startedHost([folder], { baseDir });
    const first = await ask(host, "memory.append", { namespace: "asker", content: "Likes tea" }, 7);
    expect(first).toEqual({ jsonrpc: "2.0", id: 7, result: { ok: true, timestamp_ms: expect.any(Number) } });
    const note = { namespace: "asker", content: "likes Coffee", tags: ["drink"], meta: { by: ["me"] } };
    expect(await ask(host, "memory.append", note)).toMatchObject({ id: "my-id", result: { ok: true } });
    const found = await ask(host, "memory.query", {
      namespace: "asker",
      content_contains: "LIKES",
      limit: null,
    });
    // The note that was written last comes first, also within one millisecond.
    const { records } = found.result as { records: MemoryRecord[] };
    expect(records).toEqual([
      { ...note, timestamp_ms: expect.any(Number) },
      { namespace: "asker", timestamp_ms: expect.any(Number), content: "Likes tea", tags: [] },
    ]);
    const file = readFileSync(join(baseDir, "memory", "asker.jsonl"), "utf8");
    expect(
      file
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as MemoryRecord).content),
    ).toEqual(["Likes tea", "likes Coffee"]);
  },
);

it(verifies("RPC-006") + "each way needs its permission, and nothing is written without it", async () => {
  const [folder, baseDir] = [tempDir(), tempDir()];
  asker(folder, ["memory.read"]);
  const { host } = await startedHost([folder], { baseDir });
  const note = { namespace: "asker", content: "x" };
  expect(await refusal(host, "memory.append", note)).toBe("-32602 permission denied: memory.write required");
  expect(() => readFileSync(join(baseDir, "memory", "asker.jsonl"))).toThrow("ENOENT");
  expect((await ask(host, "memory.query", note)).result).toEqual({ records: [] });

  const other = tempDir();
  asker(other, ["memory.write"]);
  const { host: second } = await startedHost([other], { baseDir });
  expect(await refusal(second, "memory.query", note)).toBe("-32602 permission denied: memory.read required");
  expect((await ask(second, "memory.append", note)).result).toMatchObject({ ok: true });
});

it(verifies("RPC-007") + "a namespace that is not its own is refused, whatever it looks like", async () => {
  const folder = tempDir();
  asker(folder, BOTH);
  const { host } = await startedHost([folder]);
  for (const method of ["memory.append", "memory.query"]) {
    for (const namespace of ["other", "", "../asker", "asker/../asker", "ASKER", "asker "]) {
      expect(await refusal(host, method, { namespace, content: "x" })).toBe(
        "-32602 namespace must equal extension id",
      );
    }
    for (const params of [{ content: "x" }, { namespace: 5, content: "x" }, [], "asker"]) {
      expect(await refusal(host, method, params)).toBe("-32602 missing or invalid 'namespace' parameter");
    }
  }
});

it.each<[method: string, field: string, fields: Record<string, unknown>]>([
  ["memory.append", "content", {}],
  ["memory.append", "content", { content: 5 }],
  ["memory.append", "content", { content: null }],
  ["memory.append", "content", { content: "é".repeat(8 * 1024 + 1) }],
  ["memory.append", "tags", { content: "x", tags: "a" }],
  ["memory.append", "tags", { content: "x", tags: ["a", 1] }],
  ["memory.append", "meta", { content: "x", meta: "m".repeat(4 * 1024 * 1024 - 64 * 1024) }],
])(
  verifies("RPC-008") + "%s names the parameter '%s' that breaks a rule (%#)",
  async (method, field, fields) => {
    const [folder, baseDir] = [tempDir(), tempDir()];
    asker(folder, BOTH);
    const { host } = await startedHost([folder], { baseDir });
    const text = await refusal(host, method, { namespace: "asker", ...fields });
    expect(text).toContain(`-32602 missing or invalid '${field}' parameter`);
    expect(() => readFileSync(join(baseDir, "memory", "asker.jsonl"))).toThrow("ENOENT");
  },
);

it(
  verifies("MEM-051") + "a condition that cannot be used counts as absent, and a limit has no maximum",
  async () => {
    const [folder, baseDir] = [tempDir(), tempDir()];
    asker(folder, BOTH);
    const { host } = await startedHost([folder], { baseDir });
    await ask(host, "memory.append", { namespace: "asker", content: "tea", tags: ["t"] });
    for (const unusable of [
      { content_contains: 1 },
      { content_contains: ["x"] },
      { tag_prefix: ["a"] },
      { since_ms: "9999999999999" },
      { since_ms: 9999999999999.5 },
      { until_ms: 1.5 },
      { until_ms: -1 },
      { until_ms: true },
      { limit: -1 },
      { limit: 0.5 },
      { limit: "0" },
      { limit: Number.MAX_SAFE_INTEGER },
    ]) {
      const { result } = await ask(host, "memory.query", { namespace: "asker", ...unusable });
      expect(result, JSON.stringify(unusable)).toMatchObject({ records: [{ content: "tea" }] });
    }
    const { result } = await ask(host, "memory.query", {
      namespace: "asker",
      since_ms: 1.5,
      tag_prefix: "x",
    });
    expect(result).toEqual({ records: [] });
    // A program gets an error: its mistake is its own.
    for (const wrong of [{ limit: -1 }, { since_ms: 1.5 }, { tag_prefix: 1 as never }])
      await expect(host.memory.query("asker", wrong)).rejects.toMatchObject({ code: "MEMORY_INVALID" });
  },
);

it(verifies("RPC-008") + "exactly 16 KiB of content are stored", async () => {
  const folder = tempDir();
  asker(folder, BOTH);
  const { host } = await startedHost([folder]);
  const content = "é".repeat(8 * 1024);
  expect(await ask(host, "memory.append", { namespace: "asker", content })).toMatchObject({
    result: { ok: true },
  });
});

it(verifies("RPC-009") + "a store that cannot be written or read answers -32000", async () => {
  const [folder, baseDir] = [tempDir(), tempDir()];
  mkdirSync(join(baseDir, "memory", "asker.jsonl"), { recursive: true });
  asker(folder, BOTH);
  const { host } = await startedHost([folder], { baseDir });
  const note = { namespace: "asker", content: "x" };
  expect(await refusal(host, "memory.append", note)).toMatch(
    /^-32000 Memory of 'asker' could not be stored: /,
  );
  expect(await refusal(host, "memory.query", note)).toMatch(/^-32000 Memory of 'asker' could not be read: /);
});

it(verifies("RPC-009") + "an extension whose name is no namespace is told so", async () => {
  const folder = tempDir();
  asker(folder, BOTH, { id: "my asker" });
  const { host } = await startedHost([folder]);
  expect(await refusal(host, "memory.query", { namespace: "my asker" })).toMatch(
    /^-32602 This is no namespace/,
  );
});

it(verifies("MEM-030") + "the program reads and writes the same notes with the same rules", async () => {
  const [folder, baseDir] = [tempDir(), tempDir()];
  asker(folder, BOTH);
  const { host } = await startedHost([folder], { baseDir });
  await ask(host, "memory.append", { namespace: "asker", content: "by the extension", tags: ["t"] });
  const { timestamp_ms } = await host.memory.append("asker", { content: "by the program" });
  appendFileSync(
    join(baseDir, "memory", "asker.jsonl"),
    `${JSON.stringify({ namespace: "asker", timestamp_ms: timestamp_ms + 1, content: "by another", tags: [] })}\n`,
  );
  const contents = (await host.memory.query("asker")).map(({ content }) => content);
  expect(contents).toEqual(["by another", "by the program", "by the extension"]);
  expect(await host.memory.query("asker", { tag_prefix: "t" })).toMatchObject([
    { content: "by the extension" },
  ]);
  for (const namespace of ["", "..", ".", "a/b", "a\\b", "a b", "a\0b", "x".repeat(65)]) {
    await expect(host.memory.append(namespace, { content: "x" })).rejects.toMatchObject({
      code: "MEMORY_INVALID",
    });
    await expect(host.memory.query(namespace)).rejects.toMatchObject({ code: "MEMORY_INVALID" });
  }
  await expect(host.memory.append("asker", { content: "x".repeat(16_385) })).rejects.toMatchObject({
    code: "MEMORY_INVALID",
    data: { field: "content" },
  });
});

it(
  verifies("MEM-031") + "what was accepted before a stop is stored after it, in any number of namespaces",
  async () => {
    const baseDir = tempDir();
    const { host } = testHost({ baseDir });
    const names = Array.from({ length: 150 }, (_, n) => `space-${n}`);
    const accepted = names.map((name) => host.memory.append(name, { content: name }));
    await host.stop();
    await Promise.all(accepted);
    const { host: next } = testHost({ baseDir });
    for (const name of names) expect(await next.memory.query(name)).toMatchObject([{ content: name }]);
  },
);

it(verifies("MEM-032") + "an extension on the SDK uses its memory with types", async () => {
  const folder = tempDir();
  const main = `
    import { defineExtension, modify, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
    serve(defineExtension({
      start: (ctx) => ctx.memory.append({ content: "started", tags: ["life"] }).then(() => {}),
      hooks: {
        async before_tool_call(event, ctx) {
          await ctx.memory.append({ content: "saw " + event.tool_name });
          const refused = await ctx.memory.append({ content: 5 }).catch(({ code, message }) => ({ code, message }));
          return modify({ all: await ctx.memory.query(), life: await ctx.memory.query({ tag_prefix: "life" }), refused });
        },
      },
    }));`;
  const extension = {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    args: ["main.mjs"],
    permissions: ["tools.intercept", ...BOTH],
    hooks: [{ hook: "before_tool_call" }],
  };
  writeExtension(folder, "remembers", extension, { "main.mjs": main });
  const { host } = await startedHost([folder]);
  expect(told(await host.emit(call({})))).toMatchObject({
    all: [{ content: "saw bash" }, { content: "started", tags: ["life"] }],
    life: [{ content: "started" }],
    refused: { code: -32602, message: "missing or invalid 'content' parameter: it must be text" },
  });
});
