import { done, type Requirement } from "../row.js";

const FILES = "ours: files under the base folder";

/** The one way to change a file under the base folder. */
export const RECORDS: readonly Requirement[] = [
  done("REC-001", FILES, "Of the changes of one file, one at a time is made, and none is lost."),
  done(
    "REC-002",
    FILES,
    "The lock of a dead program is taken over, also when its process id was given again.",
  ),
  done("REC-003", FILES, "A lock file that names nobody is taken over; what is no file is named."),
  done(
    "REC-004",
    FILES,
    "A living program keeps its lock; who waits for it in vain is told which program it is.",
  ),
  done("REC-005", FILES, "Of several programs that take over one stale lock at once, one wins."),
  done("REC-006", FILES, "A link is followed within the base folder, and never out of it."),
  done("REC-007", FILES, "A file may not grow beyond what is read, in keys and in bytes."),
  done("REC-008", FILES, "A program that is killed in the middle of a change leaves no torn file."),
  done(
    "REC-009",
    FILES,
    "A change that the system refuses is an error with the reason; what was acknowledged stays.",
  ),
  done(
    "REC-010",
    FILES,
    "The base folder is absolute, whatever HOME says; a user without a home is told what to set.",
  ),
  done("REC-011", FILES, "A full log is put aside once, however many hosts write to it."),
  done("REC-012", FILES, "What a killed installation left and nobody could tidy up is in the log."),
];
