import { join } from "node:path";
import { queryAudit, verifyAudit } from "@synaps/audit";
import { nullLogger, type AuditOptions } from "@synaps/host";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { auditSettings } from "../../../../packages/host/src/dispatch/audit/audit-settings.js";
import { Audit } from "../../../../packages/host/src/dispatch/audit/audit.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { hangingDisk } from "../../../helpers/hanging-disk.js";
import { testHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";

const CALL = { kind: "before_tool_call", tool_name: "bash", tool_input: {} } as const;
const KINDS = { before: "before_tool_call", after: "after_tool_call" } as const;

function audited(audit: AuditOptions) {
  const [folder, clock] = [join(tempDir(), "audit"), new FakeClock()];
  return { ...testHost({ folders: [], clock, audit: { folder, ...audit } }), folder, clock };
}

describe.skipIf(process.platform === "win32")("an audit whose disk hangs", () => {
  it(
    verifies("AUDIT-009") + "holds one answer up for 5 s and the others not at all, and the log says so",
    async () => {
      const { host, log, clock, folder } = audited({ durability: "before_answer", chain: true });
      await host.start();
      const release = hangingDisk();
      let ended = false;
      const first = host.intercept(KINDS, CALL, () => "four").finally(() => (ended = true));
      await clock.pass(4_999);
      expect([ended, log]).toEqual([false, []]);
      await clock.pass(1);
      // Neither its output nor its end waits another 5 s.
      expect(await first).toMatchObject({ ran: true, output: "four" });
      expect((await host.emit(CALL)).action).toBe("continue");
      expect(log.map(({ level, message }) => [level, message])).toEqual([
        ["warn", expect.stringMatching(/ cannot be written: the disk has not answered for 5 s$/)],
      ]);
      expect(host.snapshot().audit).toMatchObject({ waiting: 4, lost: 0 });
      await release();
      await until("all is written", () => host.snapshot().audit?.waiting === 0);
      await host.stop();
      const lines: string[] = [];
      await queryAudit(folder, {}, ({ event }) => lines.push(event));
      expect(lines.slice(1, -1)).toEqual([
        "before_tool_call",
        "after_tool_call",
        "operation",
        "before_tool_call",
      ]);
      expect((await verifyAudit(folder)).faults).toBe(0);
    },
  );

  it("that fails closed runs nothing, and says why", async () => {
    const { host, log, clock } = audited({ durability: "before_answer", onFailure: "closed" });
    await host.start();
    const release = hangingDisk();
    const first = host.emit(CALL);
    await clock.pass(5_000);
    const refused = {
      action: "block",
      by: "(audit)",
      reason: "the audit could not be written: the disk has not answered for 5 s",
    };
    expect(await first).toMatchObject(refused);
    expect(await host.emit(CALL)).toMatchObject(refused);
    expect(log.filter(({ level }) => level === "error")).toHaveLength(2);
    await release();
    await until("the disk answers", () => host.snapshot().audit?.failing === null);
    expect((await host.emit(CALL)).action).toBe("continue");
  });

  it("at the start holds events up for 5 s and no longer", async () => {
    const [clock, notes] = [new FakeClock(), [] as string[]];
    const logger = { ...nullLogger, warn: (message: string) => void notes.push(message) };
    const settings = auditSettings({ folder: join(tempDir(), "audit") }, tempDir());
    if (!settings) throw new Error("there is no audit");
    const audit = new Audit(settings, { clock, logger, kind: () => synapsCatalog.kinds.before_tool_call });
    const release = hangingDisk();
    let isOpen = false;
    const opening = audit.open().then(() => (isOpen = true));
    await clock.pass(4_999);
    expect([isOpen, notes]).toEqual([false, []]);
    await clock.pass(1);
    await opening;
    expect(notes).toEqual([expect.stringMatching(/: the disk has not answered for 5 s$/)]);
    await release();
    await audit.close();
    expect(audit.status).toMatchObject({ failing: null, waiting: 0 });
  });
});
