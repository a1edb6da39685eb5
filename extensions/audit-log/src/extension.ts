import { defineExtension, ExtensionError, type Extension } from "@synaps/sdk";
import { AuditLog, type AuditEvent } from "./audit-log.js";
import { LogFile } from "./log-file.js";
import { CONFIG, readSettings } from "./settings.js";

/** Records every event and lets all of them pass. */
export function createAuditExtension(): Extension {
  let audit: AuditLog | undefined;

  const record = (event: AuditEvent): void => {
    try {
      audit?.record(event);
    } catch (error) {
      throw new ExtensionError(`the audit log cannot be written: ${messageOf(error)}`, { cause: error });
    }
  };

  return defineExtension({
    config: CONFIG,
    start({ config, root, log }) {
      const settings = orRefuse(() => readSettings(config, root ?? process.cwd()));
      audit = new AuditLog({
        file: new LogFile({ ...settings, note: log }),
        content: settings.content,
        note: log,
      });
      // A disk that is full now may have room later: only a value that can never work refuses to start.
      audit.open();
    },
    stop() {
      audit?.close();
    },
    hooks: {
      before_tool_call: record,
      after_tool_call: record,
      on_message_complete: record,
      on_compaction: record,
      on_usage: record,
      on_session_start: record,
      on_session_end: record,
    },
  });
}

/** Errors that are not the SDK's are logged with a stack, which is noise when a setting is wrong. */
function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ExtensionError(messageOf(error), { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
