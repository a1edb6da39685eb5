import type { Mistake } from "./mistakes.js";
import type { Note, Notes, View } from "./views.js";

export type Views = Readonly<Record<View, Notes>>;
export type Golden = Record<View, Note[]>;

/** What everybody sees of one mistake. An author sees with `run` what only an event shows. */
export function goldenOf(mistake: Mistake, views: Views): Golden {
  const notes = (view: View): Note[] => lasting(mistake, views[view].get(mistake.id) ?? []);
  const [user, author] = [notes("user"), notes("author")];
  const shown = mistake.moment === "event" ? [...author, ...user] : author;
  return { user, author: unique(shown), embedder: notes("embedder") };
}

/** The notes that are the same in each run, each once. Evidence that stands in the reason counts as shown. */
function lasting({ evidence, kind }: Mistake, notes: readonly Note[]): Note[] {
  // On a busy machine each start takes its time, and is told about early.
  const told = notes.filter((note) => !isEarly(note));
  // After several deadlines a process is taken down, or not yet: that depends on the machine.
  const own = kind === "hangs" ? told.filter(({ what }) => what !== "extension crashed") : told;
  return unique(
    own.map((note) => (note.evidence === "" && note.why.includes(evidence) ? { ...note, evidence } : note)),
  );
}

/** True for a word about an extension that has not answered yet and may still do so. */
export function isEarly({ what }: Note): boolean {
  return what.includes("did not shake hands yet");
}

function unique(notes: readonly Note[]): Note[] {
  const seen = new Map(notes.map((note) => [JSON.stringify(note), note]));
  return [...seen.values()];
}

/** For each view: how many mistakes are told with each part, and how many are not told at all. */
export function counted(
  mistakes: readonly Mistake[],
  views: Views,
): Record<View, Record<keyof Note | "silent", number>> {
  const count = (view: View, fits: (notes: readonly Note[]) => boolean): number =>
    mistakes.filter((mistake) => fits(goldenOf(mistake, views)[view])).length;
  const row = (view: View): Record<keyof Note | "silent", number> => ({
    what: count(view, (notes) => notes.some(({ what }) => what !== "")),
    why: count(view, (notes) => notes.some(({ why }) => why !== "")),
    do: count(view, (notes) => notes.some((note) => note.do !== "")),
    evidence: count(view, (notes) => notes.some(({ evidence }) => evidence !== "")),
    silent: count(view, (notes) => notes.length === 0),
  });
  return { user: row("user"), author: row("author"), embedder: row("embedder") };
}
