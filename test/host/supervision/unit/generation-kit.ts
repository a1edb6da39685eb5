import { onTestFinished } from "vitest";
import type { LogFields } from "../../../../packages/host/src/logger.js";
import type { LoadedExtension } from "../../../../packages/host/src/loading/manifest/loaded.js";
import { DEFAULT_LIMITS, type HostLimits } from "../../../../packages/host/src/options.js";
import {
  Generation,
  type GenerationEvents,
  type GenerationServices,
} from "../../../../packages/host/src/supervision/generation.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { loadedExtension } from "./loaded-kit.js";
import { ScriptedChild, well, type Script } from "../../../helpers/scripted-child.js";

export interface Logged {
  level: string;
  message: string;
  fields: LogFields;
}

/** Parts of a host on a clock that stands still, and the processes that were started, each by the next script. */
export function hostParts(scripts: Script[] = [], limits: Partial<HostLimits> = {}) {
  const clock = new FakeClock();
  const children: ScriptedChild[] = [];
  const logged: Logged[] = [];
  const note =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void logged.push({ level, message, fields });
  const next = [...scripts];
  const parts = {
    env: { PATH: "/none", SECRET: "s" },
    limits: { ...DEFAULT_LIMITS, ...limits },
    clock,
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    children: {
      spawn: (_: string, request: ScriptedChild["request"]) => {
        const script = (next.length > 1 ? next.shift() : next[0]) ?? well();
        const child = new ScriptedChild(request, clock, 100 + children.length, script);
        children.push(child);
        return child;
      },
    },
  };
  onTestFinished(() => {
    for (const child of children) child.release();
  });
  const warnings = (): string[] =>
    logged.filter(({ level }) => level === "warn").map(({ message }) => message);
  return { clock, children, logged, warnings, parts };
}

/** One process with its connection, and all that it told. */
export function generation(
  script: Script = well(),
  loaded: LoadedExtension = loadedExtension({ protocol_version: 3 }),
  more: Partial<GenerationServices & GenerationEvents> = {},
  limits: Partial<HostLimits> = {},
) {
  const { clock, children, logged, warnings, parts } = hostParts([script], limits);
  const told: unknown[] = [];
  const note =
    (what: string) =>
    (...args: unknown[]): void =>
      void told.push([what, ...args]);
  const made = new Generation(loaded, {
    ...parts,
    onRequest: () => null,
    onNotification: note("notification"),
    onAnswered: note("answered"),
    onLateReply: note("late"),
    onStderrLine: note("line"),
    onMistake: note("mistake"),
    ...more,
  });
  const [child] = children;
  if (!child) throw new Error("no process was started");
  return { made, child, clock, logged, warnings, told };
}
