import type { Host, HostOptions } from "@synaps/host";
import { expect } from "vitest";
import { startedHost, type LogLine } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { late, type Late, type LateOptions } from "../../../helpers/late.js";

export interface Leased extends Late {
  host: Host;
  /** The base folder. */
  base: string;
  log: LogLine[];
  /** Calls the tool for a session; activates it first, unless that is left to the test. */
  run(options?: { session?: string; tool?: string; grant?: boolean; deadlineMs?: number }): Promise<unknown>;
}

/** A host with one lazy extension. */
export async function leased(options: LateOptions = {}, hostOptions: HostOptions = {}): Promise<Leased> {
  const one = late(options);
  const base = tempDir();
  const { host, log } = await startedHost([one.folder], { baseDir: base, ...hostOptions });
  return {
    ...one,
    host,
    base,
    log,
    async run({ session = "s", tool = "echo", grant = true, deadlineMs = 20_000 } = {}) {
      if (grant) expect(host.leases.grant(session, "late", tool)).toBeUndefined();
      return host.leases.execute({ session, extension: "late", tool, input: { n: 1 }, deadlineMs });
    },
  };
}

/** What the fixture answers to a call. */
export function answered(pid: number, tool = "echo"): object {
  return { ok: true, result: { method: "tool.call", params: { name: tool, input: { n: 1 } }, pid } };
}

export function failed(reason: string, revoked: boolean): object {
  return { ok: false, reason, revoked, message: expect.stringMatching(/\S/) as unknown };
}
