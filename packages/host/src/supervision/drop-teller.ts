import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import type { DroppedNotice } from "@synaps/sdk/protocol";
import type { NoticeEnd } from "../observe/drops/drop-notices.js";
import type { Extension } from "./extension.js";
import type { Generation } from "./generation.js";
import { isLive } from "./states.js";

/** Sends notices of dropped events to processes that said that they know such notices. */
export class DropTeller {
  /** Bytes that the system must have taken of each process's input before the next notice. */
  readonly #marks = new WeakMap<Generation, number>();

  /** At most one notice waits in the host for a process that does not read. */
  tell(extension: Extension | undefined, { dropped, total, hooks }: DroppedNotice): NoticeEnd {
    if (!extension || extension.stopRequested) return "unwanted";
    const { generation, state } = extension;
    if (!generation || !isLive(state)) return "absent";
    if (!generation.features.has("dropped")) return "unwanted";
    const { handedOver, taken } = bytesOf(generation.child.stdin);
    if (taken < (this.#marks.get(generation) ?? 0)) return "unread";
    const params = { dropped, total, hooks: hooks.map((row) => ({ ...row })) };
    if (!generation.connection.tell("hook.dropped", params)) return "unread";
    this.#marks.set(generation, handedOver + 1);
    return "sent";
  }
}

/** Bytes that were written to a stream, and those of them that the system took. */
function bytesOf(stdin: Writable & Partial<Pick<Socket, "bytesWritten">>): {
  handedOver: number;
  taken: number;
} {
  const { bytesWritten: handedOver = 0, writableLength } = stdin;
  return { handedOver, taken: handedOver - writableLength };
}
