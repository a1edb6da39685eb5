import { AuditWriter } from "@synaps/audit";
import { defineExtension, ExtensionError, type Extension, type JsonObject } from "@synaps/sdk";
import { makeFolder } from "./folder.js";
import { describeEvent, type AuditEvent, type Recording } from "./record.js";
import { CONFIG, readSettings } from "./settings.js";

/** Events whose answers may wait: more than any host has in flight. */
const MAX_WAITING = 16_384;

/** Records every event and lets all of them pass. */
export function createAuditExtension(): Extension {
  let writer: AuditWriter | undefined;
  let how: Recording = { content: "none", key: undefined };

  const record = async (event: AuditEvent): Promise<void> => {
    if (writer === undefined) return;
    const isWritten = await writer.record(event.kind, describeEvent(event, how) as JsonObject);
    if (isWritten === false)
      throw new ExtensionError(`the audit log cannot be written: ${writer.status.failing ?? "it is closed"}`);
  };

  return defineExtension({
    config: CONFIG,
    async start({ config, root, log }) {
      const settings = orRefuse(() => readSettings(config, root ?? process.cwd()));
      how = settings;
      const services = { durability: "before_answer", queue: MAX_WAITING, clock: CLOCK, note: log } as const;
      await makeFolder(settings.folder);
      writer = new AuditWriter({ ...settings, ...services });
      // A disk that is full now may have room later: only a value that can never work refuses to start.
      await writer.open();
    },
    async stop() {
      await writer?.close();
    },
    hooks: {
      before_tool_call: record,
      after_tool_call: record,
      on_message_complete: record,
      on_compaction: record,
      on_usage: record,
      on_decision: record,
      on_session_start: record,
      on_session_end: record,
    },
  });
}

const CLOCK = {
  wallMs: () => Date.now(),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Errors that are not the SDK's are logged with a stack, which is noise when a setting is wrong. */
function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ExtensionError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
