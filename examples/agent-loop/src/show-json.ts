import { WHAT_IS_REAL, type Screen, type Write } from "./screen.js";

/** One JSON object per line, for programs. */
export function jsonScreen(write: Write): Screen {
  const line = (type: string, fields: object): void => write(JSON.stringify({ type, ...fields }));
  return {
    started: (scratch, running, skipped) =>
      line("started", { note: WHAT_IS_REAL, scratch, running, skipped }),
    said: (role, text) => line("said", { role, text }),
    emitted: (outcome) => line("emitted", outcome),
    asked: (call) => line("asked", { call }),
    answered: (call, result) => line("answered", { call: call.id, result }),
    noted: (text) => line("noted", { text }),
    interrupted: () => line("interrupted", {}),
    finished: (reports, audit) => line("finished", { reports, audit }),
  };
}
