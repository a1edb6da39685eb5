import type { Mistake } from "./mistakes.js";
import type { Note, Notes, View } from "./views.js";

export type Views = Readonly<Record<View, Notes>>;
export type Golden = Record<View, Note[]>;

/** What everybody sees of one mistake. An author sees with `run` what only an event shows. */
export function goldenOf(mistake: Mistake, views: Views): Golden {
  const notes = (view: View): Note[] => lasting(mistake, view, views[view].get(mistake.id) ?? []);
  const [user, author] = [notes("user"), notes("author")];
  const shown = mistake.moment === "event" ? [...author, ...user] : author;
  return { user, author: unique(shown), embedder: notes("embedder") };
}

/** The notes that are the same in each run, each once. Evidence that stands in the reason counts as shown. */
function lasting({ evidence, kind, moment }: Mistake, view: View, notes: readonly Note[]): Note[] {
  // A run is over before a silent extension is given up; on a busy machine each start takes its time.
  const early = moment === "silence" && view === "user";
  const fitting = notes.filter(({ what }) => what.includes("did not shake hands yet") === early);
  const told = early ? fitting.slice(-1) : fitting;
  // After several deadlines a process is taken down, or not yet: that depends on the machine.
  const own = kind === "hangs" ? told.filter(({ what }) => what !== "extension crashed") : told;
  return unique(
    own.map((note) => (note.evidence === "" && note.why.includes(evidence) ? { ...note, evidence } : note)),
  );
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
