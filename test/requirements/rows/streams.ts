import { done, type Requirement } from "../row.js";

/** Kinds that are delivered as a stream: order, sessions, drops and the books. */
export const STREAMS: readonly Requirement[] = [
  done(
    "STREAM-001",
    "ours: streams",
    "The items of a session arrive in order, and a slow session delays no other.",
  ),
  done("STREAM-002", "ours: streams", "Queues are bounded for each session and in all, fairly."),
  done("STREAM-003", "ours: streams", "The next item of a session says how many were missed before it."),
  done(
    "STREAM-004",
    "ours: streams",
    "offered = answered + dropped + lost + waiting, by session and direction, in the snapshot.",
  ),
  done("STREAM-005", "ours: streams", "Under block the program waits for room, and nothing is dropped."),
  done("STREAM-006", "ours: streams", "A hook is attached to one protocol by a filter on the attribute."),
  done(
    "STREAM-007",
    "ours: streams",
    "An extension that knows the feature `dropped` is told what it did not get, at most once a second.",
  ),
  done(
    "STREAM-009",
    "ours: raised events",
    "A raised event that an extension does not read is dropped, counted, in the snapshot and told.",
  ),
  done("STREAM-008", "ours: streams", "A process that does not read has at most one notice waiting for it."),
];
