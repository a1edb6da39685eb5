import { done, superseded, type Requirement } from "../row.js";

/** The memory that extensions keep. */
export const MEMORY: readonly Requirement[] = [
  done(
    "RPC-005",
    "extensions_memory: extension_can_append_and_query_within_its_namespace",
    "Notes can be stored and found again.",
  ),
  done(
    "RPC-006",
    "extensions_memory: extension_without_permission_cannot_append",
    "Storing needs memory.write, and reading memory.read.",
  ),
  done(
    "RPC-007",
    "extensions_memory: extension_cannot_use_other_namespace",
    "An extension reaches its own notes alone.",
  ),
  done("RPC-008", "reference: memory", "A parameter that breaks a rule is named, and nothing is stored."),
  done("RPC-009", "reference: memory", "A store that cannot be used answers -32000."),
  done("MEM-001", "reference: memory", "A note is one line of JSON in a private file."),
  done("MEM-002", "reference: memory", "The newest 50 notes come first unless a limit says otherwise."),
  done("MEM-003", "reference: memory", "Content is found by a part of it in any case."),
  done("MEM-004", "reference: memory", "Notes are found by the beginning of a tag."),
  done("MEM-005", "reference: memory", "Notes are found by their time, and all conditions hold together."),
  done("MEM-006", "ours: memory", "Broken lines are passed over, named once and never overwritten."),
  done("MEM-007", "reference: memory", "A torn last line costs itself alone."),
  done("MEM-010", "ours: memory", "What other programs and hosts append is found."),
  done("MEM-011", "ours: memory", "A file that was cut, replaced, removed or changed is read anew."),
  done("MEM-012", "ours: memory", "All indexes together have a bounded share of memory."),
  superseded(
    "MEM-013",
    "reference: memory",
    "Reading a large file leaves room for everything else.",
    "the reference reads and filters the whole file on each query, in the way of its other work",
  ),
  done("MEM-014", "ours: memory", "An index finds exactly what reading each line would find."),
  done(
    "MEM-050",
    "reference: notes of newer hosts",
    "A note of a newer host keeps its fields in answers, and a tombstone takes notes back without being a broken line.",
  ),
  done(
    "MEM-051",
    "reference: memory.query",
    "A condition of an extension that cannot be used counts as absent.",
  ),
  done("MEM-020", "ours: memory", "Several processes may append at the same time."),
  done("MEM-021", "ours: memory", "A killed host loses no note that it acknowledged."),
  done("MEM-022", "ours: memory", "Notes keep the order in which they came."),
  done("MEM-023", "ours: memory", "What a full disk does not take is refused, and only that."),
  done("MEM-024", "ours: memory", "Something that is no file in the place of one is refused at once."),
  done("MEM-025", "ours: memory", "A memory that was closed opens again by itself."),
  done("MEM-030", "ours: memory", "The program uses the same notes by the same rules."),
  done("MEM-031", "ours: memory", "A stop waits for what was accepted, and open files are bounded."),
  done("MEM-032", "ours: memory", "The SDK offers memory with types."),
  done("MEM-040", "ours: memory", "The command queries notes without a host, safe for a terminal."),
];
