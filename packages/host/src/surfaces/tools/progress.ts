import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { Listeners } from "../../listeners.js";
import type { Logger } from "../../logger.js";
import type { Extension } from "../../supervision/extension.js";
import type { ToolProgress } from "./tool-types.js";

/** Reports of one call that are passed on: enough for twenty reports a second over eight minutes. */
const MAX_REPORTS = 10_000;
/** Text of all reports of one call, in UTF-16 units: as much as a tool's output may have after the hooks. */
const MAX_TEXT = 1024 * 1024;
/** Longest message, in UTF-16 units. */
const MAX_MESSAGE = 1_000;

interface Listening {
  extension: Extension;
  listener: (progress: ToolProgress) => void;
  reports: number;
  text: number;
  dropped: number;
}

/** Takes reports of running tools to their callers, within bounds. */
export class ProgressReports {
  readonly #listening = new Map<string, Listening>();
  readonly #listeners: Listeners<[ToolProgress]>;
  #last = 0;

  constructor(logger: Logger) {
    this.#listeners = new Listeners(logger, "a tool's progress");
  }

  /** Listens for one call. The tool names the call by `token`; `close` ends it and returns the number of dropped reports. */
  open(extension: Extension, listener: (progress: ToolProgress) => void): { token: string; close(): number } {
    this.#last += 1;
    const token = String(this.#last);
    const one = { extension, listener, reports: 0, text: 0, dropped: 0 };
    this.#listening.set(token, one);
    return {
      token,
      close: () => {
        this.#listening.delete(token);
        return one.dropped;
      },
    };
  }

  /** Takes a notification. A report for no call of the same extension is ignored. */
  receive(from: Extension, params: unknown): void {
    if (!isJsonObject(params)) return;
    const { token } = params;
    const one = typeof token === "string" ? this.#listening.get(token) : undefined;
    if (one?.extension !== from) return;
    const progress = progressOf(params);
    const size = progress ? (progress.content?.length ?? 0) + (progress.message?.length ?? 0) : 0;
    if (!progress || one.reports >= MAX_REPORTS || one.text + size > MAX_TEXT) {
      one.dropped += 1;
      return;
    }
    one.reports += 1;
    one.text += size;
    this.#listeners.tellOne(one.listener, progress);
  }
}

function progressOf(params: Readonly<Record<string, JsonValue>>): ToolProgress | undefined {
  const { message, current, total, content } = params;
  const progress: ToolProgress = {
    ...(typeof message === "string" ? { message: message.slice(0, MAX_MESSAGE) } : {}),
    ...(typeof current === "number" ? { current } : {}),
    ...(typeof total === "number" ? { total } : {}),
    ...(typeof content === "string" ? { content } : {}),
  };
  return Object.keys(progress).length === 0 ? undefined : progress;
}
