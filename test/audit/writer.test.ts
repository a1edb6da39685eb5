import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyAudit } from "../../packages/audit/src/index.js";
import { verifies } from "../requirements/verifies.js";
import { call, filesIn, found, linesOf, newLog } from "./kit.js";

describe("lines of an audit log", () => {
  it("are JSON objects with time, event, metadata and number", async () => {
    const { writer, folder } = newLog();
    void writer.record("gateway.auth_success", { peer_addr: "192.168.1.100:54321", method: "totp" });
    await writer.close();
    const [file = ""] = filesIn(folder);
    expect(file).toMatch(new RegExp(`^audit\\.20260216T103015123Z-${process.pid}\\.1\\.jsonl$`));
    const [open, event, stop] = linesOf(folder, file).map((line) => JSON.parse(line) as unknown);
    expect(open).toEqual({
      timestamp: "2026-02-16T10:30:15.123Z",
      event: "audit_open",
      metadata: {
        version: 1,
        run: file.slice(0, -".1.jsonl".length),
        file: 1,
        pid: process.pid,
        format: "json",
        chain: "none",
        previous: null,
      },
      seq: 1,
    });
    expect(event).toEqual({
      timestamp: "2026-02-16T10:30:15.123Z",
      event: "gateway.auth_success",
      metadata: { peer_addr: "192.168.1.100:54321", method: "totp" },
      seq: 1,
    });
    expect(stop).toMatchObject({ event: "audit_stop", metadata: { lines: 3, lost: 0 }, seq: 2 });
  });

  it(verifies("AUDIT-002") + "have the text form of the gateway, with the number behind", async () => {
    const { writer, folder } = newLog({ format: "text" });
    void writer.record("AuthSuccess", { peer_addr: "192.168.1.100:54321", method: "totp" });
    await writer.close();
    const [file = ""] = filesIn(folder);
    expect(file.endsWith(".1.log")).toBe(true);
    expect(linesOf(folder, file)[1]).toBe(
      '[2026-02-16 10:30:15.123] AuthSuccess peer_addr="192.168.1.100:54321" method="totp" @seq=1',
    );
  });

  it("stand in files and folders that only this user can read", async () => {
    const { writer, folder } = newLog();
    void writer.record(...call(1));
    await writer.close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, filesIn(folder)[0] ?? "")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("never take the name of a line of the log itself", async () => {
    const { writer, folder } = newLog();
    void writer.record("audit_stop", { lines: 2, lost: 0 });
    await writer.close();
    expect((await found(folder)).map(({ event }) => event)).toEqual([
      "audit_open",
      "x_audit_stop",
      "audit_stop",
    ]);
  });

  it("are written for what JSON cannot carry", async () => {
    const { writer, folder } = newLog();
    void writer.record("odd", { n: 1n } as never);
    await writer.close();
    expect((await found(folder, { event: "odd" }))[0]?.metadata).toEqual({
      unwritable: expect.stringContaining("BigInt"),
    });
  });
});

describe("rotation", () => {
  it.each(["json", "text"] as const)(
    "splits a run into files that lead to each other: %s",
    async (format) => {
      const { writer, folder } = newLog({ maxFileBytes: 1_500, chain: true, format });
      for (let n = 0; n < 40; n += 1) {
        void writer.record(...call(n));
        if (n % 7 === 0) await writer.open();
      }
      await writer.close();
      const files = filesIn(folder);
      expect(files.length).toBeGreaterThan(4);
      for (const file of files.slice(0, -1)) expect(linesOf(folder, file).at(-1)).toContain("audit_rotate");
      const { runs, faults } = await verifyAudit(folder);
      expect(faults, JSON.stringify(runs)).toBe(0);
      expect(runs[0]).toMatchObject({ files: files.length, events: 40, end: "stopped", dropped: 0, lost: 0 });
      expect((await found(folder, { event: "before_tool_call" })).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 40 }, (_, n) => n + 1),
      );
    },
  );

  it("keeps as many ended files as asked, and tells which it removed", async () => {
    const { writer, folder } = newLog({ maxFileBytes: 1_000, files: 3, chain: true });
    for (let n = 0; n < 60; n += 1) {
      void writer.record(...call(n));
      await writer.open();
    }
    await writer.close();
    expect(filesIn(folder)).toHaveLength(4);
    const { runs } = await verifyAudit(folder);
    expect(runs[0]?.fault).toBeNull();
    expect((await found(folder, { event: "audit_removed" })).length).toBeGreaterThan(0);
  });

  it("counts the files of all processes, and leaves the one that another process writes to", async () => {
    const ended = newLog({ maxFileBytes: 1_000, chain: true }, 11);
    const running = newLog({ folder: ended.folder, chain: true });
    void running.writer.record(...call(0));
    await running.writer.open();
    for (let n = 0; n < 30; n += 1) void ended.writer.record(...call(n));
    await ended.writer.close();
    const own = running.writer.status.file ?? "";
    const before = filesIn(ended.folder).filter((file) => file !== own);
    expect(before.length).toBeGreaterThan(3);
    const remover = newLog({ folder: ended.folder, files: 2, chain: true }, 13);
    void remover.writer.record(...call(1));
    await remover.writer.close();
    // The oldest are gone, the two newest of what nobody writes to are there.
    expect(filesIn(ended.folder).filter((file) => before.includes(file))).toEqual(before.slice(-2));
    const [told] = await found(ended.folder, { event: "audit_removed" });
    const run = own.replace(`-${process.pid}.1.jsonl`, "-11");
    expect(told?.metadata).toEqual({
      removed: before.slice(0, -2),
      first: { [run]: before.length - 1 },
    });
    await running.writer.close();
    expect((await found(ended.folder, { event: "audit_stop" })).length).toBe(3);
    const { faults, runs } = await verifyAudit(ended.folder);
    expect(faults, JSON.stringify(runs)).toBe(0);
  });
});
