import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import type { ToolProgress } from "./tool-types.js";

/** Reports of one call that are passed on. A tool that says something twenty times a second has eight minutes. */
const MAX_REPORTS = 10_000;
/** Their text in all, in UTF-16 units: as much as a tool's output may have after the hooks. */
const MAX_TEXT = 1024 * 1024;
/** What it is doing, in one line. */
const MAX_MESSAGE = 1_000;

interface Listening {
  extension: Extension;
  listener: (progress: ToolProgress) => void;
  reports: number;
  text: number;
  dropped: number;
}

/** Takes reports of running tools to whoever called them, within bounds. */
export class ProgressReports {
  readonly #listening = new Map<string, Listening>();
  #last = 0;

  /** Begins to listen for one call. `token` is what the tool names it by; `close` ends it and says what was dropped. */
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

  /** Takes a notification. One without a call that is under way in the same extension is ignored. */
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
    try {
      one.listener(progress);
    } catch {
      // The listener is the program's; this is the reader of an extension's output.
    }
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
