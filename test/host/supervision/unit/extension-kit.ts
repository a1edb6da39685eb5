import type { LoadedExtension } from "../../../../packages/host/src/loading/manifest/loaded.js";
import { Extension, type ExtensionServices } from "../../../../packages/host/src/supervision/extension.js";
import type { CallResult, Work, WorkStatus } from "../../../../packages/host/src/supervision/work.js";
import { Activity } from "../../../../packages/host/src/time/activity.js";
import { hostParts } from "./generation-kit.js";
import { loadedExtension } from "./loaded-kit.js";
import type { Script } from "../../../helpers/scripted-child.js";
import { LIMITS } from "./supervisor-kit.js";

/** The requests of an extension, as far as its supervision sees them. `did` holds what it was told, in order. */
export class ScriptedWork implements Work {
  inFlight = 0;
  readonly did: string[] = [];
  words: string | undefined;
  readonly reports: WorkStatus = {
    inFlight: 0,
    waiting: 3,
    openBreakers: ["a#1"],
    breakers: [],
    poisoned: [],
  };

  status(): WorkStatus {
    return this.reports;
  }

  doing(): string | undefined {
    return this.words;
  }

  call(): Promise<CallResult> {
    return Promise.resolve({ type: "cancelled", queueMs: 1, runMs: 2 });
  }

  changed(): void {
    this.did.push("changed");
  }

  exited(byItself: boolean): void {
    this.did.push(`exited ${byItself}`);
  }

  forgive(): void {
    this.did.push("forgive");
  }

  drain(ms: number): Promise<void> {
    this.did.push(`drain ${ms}`);
    return Promise.resolve();
  }

  close(): void {
    this.did.push("close");
  }
}

/** An extension of scripted processes, each by the next script, with scripted work. */
export function extensionOf(
  scripts: Script[] = [],
  loaded: LoadedExtension = loadedExtension({ protocol_version: 3 }),
  more: Partial<ExtensionServices> = {},
) {
  const { clock, children, logged, warnings, parts } = hostParts(scripts, LIMITS);
  const work = new ScriptedWork();
  const activity = new Activity();
  const told: unknown[] = [];
  const noted: unknown[] = [];
  const extension = new Extension(loaded, {
    ...parts,
    inbound: {
      request: (from, method, params) => [from.id, method, params],
      notify: (from, method, params, inexact) => void told.push([from.id, method, params, inexact]),
    },
    activity,
    random: () => 1,
    quarantine: undefined,
    noteQuarantine: (record) => void noted.push(record),
    attach: () => work,
    warn: (one, note) => void told.push(["warned", one.id, note.message]),
    startLate: (one) => void told.push(["late start", one.id]),
    onState: (one, from, to) => void told.push([`${one.id}: ${from} ${to}`]),
    ...more,
  });
  const started = async (): Promise<void> => {
    void extension.start().catch(() => {});
    await clock.pass(0);
  };
  return { extension, work, activity, clock, children, logged, warnings, told, noted, started };
}
