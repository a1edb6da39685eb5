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
];
