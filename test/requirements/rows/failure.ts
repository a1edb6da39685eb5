import { done, superseded, type Requirement } from "../row.js";

/** Crashes, timeouts, stopping, concurrency and declarations. */
export const FAILURE: readonly Requirement[] = [
  done("PROC-042", "ours: failure", "Five crashes within five minutes quarantine an extension."),
  done(
    "PROC-043",
    "ours: failure",
    "Three restarts in a row without a handshake make it failed, with the reason.",
  ),
  superseded(
    "PROC-044",
    "reference, restarts: any error restarts",
    "A JSON-RPC error is an answer: nothing is restarted.",
    "an application's error says nothing about the health of its process",
  ),
  done("PROC-045", "ours: failure", "A crash harms no other extension and no other vote."),
  done(
    "PROC-046",
    "ours: failure",
    "A guard that fails closed blocks when it never started, crashed or timed out.",
  ),
  done("PROC-047", "ours: failure", "A guard of outputs that fails closed withholds what it could not see."),
  done(
    "PROC-048",
    "reference: timeouts",
    "A timeout abstains; it restarts nothing and costs no further event.",
  ),
  done("PROC-049", "ours: failure", "A late answer is dropped and counted."),
  done(
    "PROC-050",
    "reference, known weakness: unbounded messages",
    "A process that stops reading costs deadlines, and its queue is bounded.",
  ),
  done("PROC-051", "ours: failure", "An event of over 32 MiB is not sent."),
  done("PROC-052", "ours: failure", "A process that closed its input is not taken for dead while it lives."),
  done("PROC-053", "reference: shutdown", "Stop asks by shutdown first."),
  done("PROC-054", "ours: failure", "A process that ignores everything is killed by the end of stop."),
  superseded(
    "PROC-055",
    "reference, spawn: grandchildren survive",
    "Grandchildren end with their process.",
    "a process group of its own is killed as a whole",
  ),
  done("PROC-056", "ours: failure", "Stop during a start leaves nothing behind."),
  done("PROC-071", "ours: failure", "What a process answered right before its end counts."),
  done("PROC-070", "ours: failure", "A time limit may be 0 but no longer than a timer can run."),
  done("PROC-057", "ours: failure", "Stop may be called more than once; afterwards there is no start."),
  done("PROC-058", "ours: failure", "Stop waits for work under way."),
  done(
    "PROC-059",
    "reference: concurrency; ours: process",
    "Protocol 1 gets one gate at a time; the next waits, which costs nothing of its deadline.",
  ),
  done("PROC-060", "ours: process", "The slot is free again at a call's deadline."),
  done("PROC-061", "ours: process", "Protocol 3 is pipelined."),
  done(
    "PROC-062",
    "extensions_e2e: extension_tool_specs_are_validated",
    "Tools with a bad name, description or schema, or declared twice, fail the load.",
  ),
  done(
    "PROC-063",
    "extensions_e2e: provider_capability_specs_are_validated",
    "Providers with a bad id, text, model list or configuration fail the load.",
  ),
  done(
    "PROC-064",
    "capability validator cases",
    "Capabilities need kind, name and permissions that were granted.",
  ),
  done(
    "PROC-065",
    "extensions_e2e: extension_registering_tools_requires_tools_register_permission",
    "Declaring tools without tools.register fails the load; no process stays.",
  ),
  done(
    "PROC-066",
    "extensions_info: info_get_is_best_effort_and_missing_method_does_not_fail_load",
    "One that knows no info.get runs on and is not restarted.",
  ),
  done(
    "PROC-067",
    "extensions_memory: extension_may_use_string_request_ids",
    "An extension's request is answered with its own id, text or number.",
  ),
  superseded(
    "PROC-068",
    "capability: snapshot_literal_round_trips_equality",
    "A status is plain data that comes through JSON unchanged.",
    "one snapshot of the whole host takes the place of one per extension",
  ),
  done("PROC-069", "ours: failure", "Half a minute of health makes the next pause small again."),
];
