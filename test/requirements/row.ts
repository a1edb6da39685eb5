/** One promise: where it comes from, what is promised, and how far it is kept. */
export interface Requirement {
  id: string;
  /** A test of the reference as `file: name`, an area of its behaviour, or (`ours`) of our own design. */
  source: string;
  behaviour: string;
  status: "done" | { superseded: string } | { later: string };
}

/** Kept, and proved by a test. */
export function done(id: string, source: string, behaviour: string): Requirement {
  return { id, source, behaviour, status: "done" };
}

/** We do something else, for this reason; a test proves what is described. */
export function superseded(id: string, source: string, behaviour: string, reason: string): Requirement {
  return { id, source, behaviour, status: { superseded: reason } };
}

/** Not built yet: waits for this ability. */
export function later(id: string, source: string, behaviour: string, waitsFor: string): Requirement {
  return { id, source, behaviour, status: { later: waitsFor } };
}
