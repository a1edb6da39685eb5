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
  done(
    "FLD-012",
    "ours: consent",
    "Consent says which parts a hook sees, the lock records them, and seeing more is named when it is asked again.",
  ),
  done("FLD-013", "ours: testing kit", "partsOf takes the parts of an event as a host does."),
  done("FLD-020", "ours: payload", "Binary is base64 of a declared length; anything else is refused."),
  done(
    "FLD-021",
    "ours: payload",
    "A u64 is a text of decimal digits within 64 bits; anything else is refused.",
  ),
  done(
    "FLD-022",
    "ours: payload",
    "An event off its payload is refused with the pointer before anything is sent, also when nobody subscribes.",
  ),
  done("FLD-023", "ours: payload", "A rewrite off the payload blocks, as every malformed rewrite does."),
  done("FLD-024", "ours: payload", "Metadata only is on no wire and in no handler; filters may look at it."),
  done(
    "FLD-025",
    "ours: payload",
    "A sender that is null stays null; a member that is not declared is refused.",
  ),
  done(
    "FLD-026",
    "ours: payload",
    "Around an operation both payloads are checked before it runs; the hooks after it get no metadata either.",
  ),
  done("FLD-034", "ours: attributes", "A filter on attributes is asked again about a rewritten event."),
  done(
    "FLD-030",
    "ours: attributes",
    "A filter on attributes takes a value or several, with globs; all must hold.",
  ),
  done("FLD-031", "ours: attributes", "A filter on attributes decides before anything is written."),
  done(
    "FLD-032",
    "ours: attributes",
    "The program's filter on an undeclared attribute or of a wrong type is refused.",
  ),
  done(
    "FLD-033",
    "ours: attributes",
    "validate names unknown attributes, wrong types and values that never come.",
  ),
  done(
    "FLD-037",
    "defects: 14",
    "A filter on an address takes ranges, and lets pass exactly the addresses that share the bits of one.",
  ),
  done(
    "FLD-038",
    "defects: 14",
    "A text that is no range of addresses is refused with its place and reason.",
  ),
  done(
    "FLD-035",
    "seed: proxy",
    "A tap is attached to a protocol and a direction, and may do without the bytes.",
  ),
  done("FLD-036", "seed: messaging", "A gate of messages may take their size alone, and still refuses them."),
];
