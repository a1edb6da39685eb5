import { done, type Requirement } from "../row.js";

/** What reaches a hook: parts of events, checked payloads, filters by attribute. */
export const FIELDS: readonly Requirement[] = [
  done(
    "FLD-001",
    "ours: fields",
    "A list of fields that can name nothing is refused with its pointer and a hint.",
  ),
  done(
    "FLD-002",
    "ours: fields",
    "A hook whose fields leave out what it would change is named, and refused where it says that it rewrites.",
  ),
  done("FLD-003", "ours: fields", "Under protocols 1 and 2, fields are left out with a warning."),
  done(
    "FLD-004",
    "ours: fields",
    "A hook with fields gets those in the shape of the envelope, and nothing else.",
  ),
  done("FLD-005", "ours: fields", "A rewrite of parts is merged into the field, whose other members stay."),
  done("FLD-006", "ours: fields", "A rewrite of a member outside of its fields abstains as invalid."),
  done(
    "FLD-007",
    "ours: fields",
    "A hook with fields is asked again when one of them changed; a closed one whenever the input changed.",
  ),
  done("FLD-008", "ours: fields", "Filters look at the whole event, whatever the fields."),
  done("FLD-009", "ours: fields", "Poison is judged by the parts that were sent."),
  done("FLD-010", "ours: fields", "Observed events reach a hook with fields in batches, with meta."),
  done(
    "FLD-011",
    "ours: fields",
    "An event is written once for each distinct list of fields, and whole for nobody.",
  ),
];
