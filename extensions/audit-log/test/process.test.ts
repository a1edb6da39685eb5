import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verifyAudit } from "@synaps/audit";
import { describe, expect, test } from "vitest";
import { DEADLINE_MS, event, type FrameClient } from "./support/frame-client.js";
import { recordsIn, startExtension, temporaryFolder } from "./support/folders.js";

const call = (id: string): Record<string, unknown> =>
  event("before_tool_call", {
    tool_name: "bash",
    tool_runtime_name: "bash",
    tool_input: { command: `echo ${id}` },
    session_id: "s",
    meta: { event_id: id, sent_at: 0, deadline_ms: 5000, attempt: 1 },
  });

const answered = (client: FrameClient, ids: Map<number, string>): string[] =>
  client.answers.filter(({ result }) => result).flatMap(({ id }) => ids.get(id ?? 0) ?? []);

function sendMany(client: FrameClient, count: number, prefix: string): Map<number, string> {
  const ids = new Map<number, string>();
  for (let n = 0; n < count; n += 1)
    ids.set(client.send("hook.handle", call(`${prefix}-${n}`)), `${prefix}-${n}`);
  return ids;
}

describe("the built extension as a child", { timeout: DEADLINE_MS * 2 }, () => {
  test("records one line for every kind and answers continue", async () => {
    const root = temporaryFolder();
    const client = startExtension(root);
    await client.initialize(3, {}, root);
    const tools = ["before_tool_call", "after_tool_call", "on_decision"];
    const kinds = [...tools, "on_message_complete", "on_compaction", "on_usage"];
    for (const kind of [...kinds, "on_session_start", "on_session_end"]) {
      expect((await client.hook(kind, { session_id: "s" })).result).toEqual({ action: "continue" });
    }
    expect((await client.call("shutdown")).result).toBeNull();
    expect(await client.exited).toEqual({ code: 0, signal: null });
    const records = await recordsIn(join(root, "data"));
    expect(records.map((record) => record.event)).toEqual([...kinds, "on_session_start", "on_session_end"]);
    expect(records.map((record) => record.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // It runs in a folder without a manifest here.
    expect(client.stderr).toMatch(/^hooks are not compared with the manifest: .*\n$/);
  });

  test("refuses to start with a value that makes no sense, and names its key", async () => {
    const client = startExtension(temporaryFolder());
    const { error } = await client.initialize(3, { max_files: "-2" });
    expect(error?.message).toBe("config key 'max_files' must be a whole number of at least 0, not -2");
  });

  test("a folder that cannot be made refuses to start, with the key and the remedy; then it can", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "data"), "in the way");
    const { error } = await startExtension(root).initialize(3, {}, root);
    expect(error?.message).toMatch(
      /^config key 'path': the log cannot be written to '.*data': E.* reload the extension$/,
    );
    rmSync(join(root, "data"));
    const client = startExtension(root);
    await client.initialize(3, {}, root);
    expect((await client.hook("before_tool_call", { tool_name: "bash" })).result).toEqual({
      action: "continue",
    });
    expect((await recordsIn(join(root, "data")))[0]).toMatchObject({ seq: 1, event: "before_tool_call" });
  });

  test("a folder that goes is answered with an error, and events follow once it is back", async () => {
    const root = temporaryFolder();
    const client = startExtension(root);
    await client.initialize(3, {}, root);
    rmSync(join(root, "data"), { recursive: true });
    writeFileSync(join(root, "data"), "in the way");
    const tried = async (): Promise<boolean> => (await client.hook("on_usage", {})).error === undefined;
    while (await tried());
    expect(client.answers.at(-1)?.error?.message).toMatch(/^the audit log cannot be written: /);
    rmSync(join(root, "data"));
    // It is not tried again for each event.
    while (!(await tried()));
    expect((await recordsIn(join(root, "data"))).at(-1)).toMatchObject({ event: "on_usage" });
  });

  test.skipIf(process.platform === "win32")(
    "a disk that becomes full costs no answered event, and no half line stays (needs ulimit)",
    async () => {
      const root = temporaryFolder();
      const folder = join(root, "data");
      // The system takes the first part of the line that crosses the limit and refuses what comes after it.
      const limited = startExtension(root, "ulimit -f 8; ");
      await limited.initialize(3, {}, root);
      const ids = sendMany(limited, 100, "limited");
      await limited.until(() => limited.answers.length === 101, "all answers");
      const written = answered(limited, ids);
      expect(written.length).toBeGreaterThan(5);
      expect(written.length).toBeLessThan(100);
      await limited.kill();

      const next = startExtension(root);
      await next.initialize(3, {}, root);
      await next.hook("before_tool_call", call("next"));
      const recorded = (await recordsIn(folder)).map(({ metadata }) => metadata["event_id"]);
      expect(recorded).toEqual([...written, "next"]);
      await next.call("shutdown");
      await next.exited;
      const { runs } = await verifyAudit(folder);
      expect(runs.map(({ end, fault }) => [end, fault])).toEqual([
        ["unclean", null],
        ["stopped", null],
      ]);
      expect(runs[0]?.lost).toBe(100 - written.length);
    },
  );

  test(
    "killed at any moment, every answered event is in the file",
    { timeout: DEADLINE_MS * 6 },
    async () => {
      const root = temporaryFolder();
      const folder = join(root, "data");
      const expected: string[] = [];
      for (let round = 0; round < 12; round += 1) {
        const client = startExtension(root);
        await client.initialize(3, { max_bytes: "20000", chain: "on" }, root);
        const ids = sendMany(client, 2_000, `round${round}`);
        // The moment is a number of answers, drawn anew for each round, in the middle of a stream of events.
        const moment = 1 + Math.floor(Math.random() * 1_500);
        await client.until(() => client.answers.length > moment, `${moment} answers`);
        await client.kill();
        expected.push(...answered(client, ids));
      }
      expect(expected.length).toBeGreaterThan(12);
      // A line that the kill cut off is no record, and its event was not answered.
      const recorded = new Set((await recordsIn(folder)).map(({ metadata }) => metadata["event_id"]));
      expect(expected.filter((id) => !recorded.has(id))).toEqual([]);
      expect((await verifyAudit(folder)).faults).toBe(0);
    },
  );

  test("two processes share one folder without losing or mixing a line", async () => {
    const root = temporaryFolder();
    const clients = [startExtension(root), startExtension(root)];
    const config = { max_bytes: "4096", chain: "on" };
    await Promise.all(clients.map((client) => client.initialize(3, config, root)));
    const sent = clients.map((client, index) => sendMany(client, 1_500, `host${index}`));
    await Promise.all(
      clients.map((client) => client.until(() => client.answers.length > 1_500, "all answers")),
    );
    await Promise.all(clients.map((client) => client.call("shutdown")));
    await Promise.all(clients.map((client) => client.exited));

    const recorded = (await recordsIn(join(root, "data"))).map(({ metadata }) =>
      String(metadata["event_id"]),
    );
    expect(recorded.sort()).toEqual(sent.flatMap((ids) => [...ids.values()]).sort());
    expect(readdirSync(join(root, "data")).length).toBeGreaterThan(50);
    expect(
      (await verifyAudit(join(root, "data"))).runs.map(({ fault, chained }) => [fault, chained]),
    ).toEqual([
      [null, true],
      [null, true],
    ]);
  });

  test("ten thousand events in a row are all recorded", async () => {
    const root = temporaryFolder();
    const client = startExtension(root);
    await client.initialize(3, {}, root);
    for (let batch = 0; batch < 10; batch += 1) {
      sendMany(client, 1_000, `batch${batch}`);
      await client.until(() => client.answers.length > (batch + 1) * 1_000, "a batch of answers");
    }
    expect(await recordsIn(join(root, "data"))).toHaveLength(10_000);
  });
});
