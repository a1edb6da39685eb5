import { done, superseded, type Requirement } from "../row.js";

/** What tools of extensions promise to whoever calls them. */
export const TOOLS: readonly Requirement[] = [
  done(
    "TOOL-001",
    "extensions_e2e: extension_tools_are_registered_in_tool_registry",
    "A declared tool is callable as '<id>:<tool>'.",
  ),
  done(
    "TOOL-002",
    "earlier repository: process_extension_dispatches_notifications_to_subscriber",
    "Notifications during a tool call arrive in order, and its answer after them.",
  ),
  done("TOOL-003", "tools", "A tool has an API name as well; calls and tool filters take either."),
  done("TOOL-004", "tools", "A text, an object with a text as its content, and any JSON are answers."),
  superseded(
    "TOOL-005",
    "process runtime: restart policy",
    "An error that a tool answers with is a result with its code and data; nothing is restarted.",
    "the reference restarts the process and sends the call again; three errors in a row end the extension",
  ),
  done("TOOL-006", "process runtime: timeouts", "A call ends after 120 s, or when its signal says so."),
  superseded(
    "TOOL-007",
    "process runtime: in-flight requests on crash",
    "A call is sent once more after a crash only when the tool declares itself idempotent.",
    "the reference repeats every call, so that its effects may happen twice",
  ),
  done("TOOL-008", "ours", "An input is checked against the tool's JSON Schema before it is sent."),
  done("TOOL-009", "ours", "No schema makes the host hang, throw, fetch or keep on working."),
  done(
    "TOOL-010",
    "tools",
    "A call passes the hooks before and after it; what they changed is checked again.",
  ),
  superseded(
    "TOOL-011",
    "tools",
    "Of two tools with one name the one later in load order is refused with a warning; the rest loads.",
    "the same as in the reference, but it does not depend on which extension starts first",
  ),
  superseded(
    "TOOL-012",
    "process runtime: restart policy",
    "A restart declares anew and is checked anew; tools are gone with their extension.",
    "the reference keeps what the first start declared, and never removes it",
  ),
  superseded(
    "TOOL-013",
    "process runtime: concurrency model",
    "A tool that runs delays no hook of its extension on protocol 3, nor with max_concurrency above 1; else they are busy.",
    "in the reference a running tool disables the hooks of its own extension in silence",
  ),
  done("TOOL-014", "ours", "Reports of progress reach the caller in order, within bounds, and only its own."),
  done(
    "TOOL-015",
    "ours",
    "Protocol 3 is told session, call id and deadline; others get name and input only.",
  ),
  done("TOOL-016", "tools", "A call that is blocked or not confirmed is not sent and says who stopped it."),
  done("TOOL-017", "ours", "A replaced output takes structured parts and error data with it."),
  done(
    "TOOL-018",
    "ours",
    "`synaps-ext tools` shows the tools and `call` calls one, with an exit code for each end.",
  ),
  done(
    "TOOL-019",
    "ours",
    "A tool of the SDK reports progress, knows its session, and says whether it may be called again.",
  ),
  done(
    "TOOL-020",
    "ours",
    "No input passes a schema's check because of its size, depth or the time that it takes.",
  ),
  done(
    "TOOL-021",
    "ours",
    "Parts of a tool's schema that check nothing are named when the tool is declared.",
  ),
  done(
    "TOOL-022",
    "JSON Schema, drafts 4 to 2020-12",
    "A schema means what its draft says, other documents left out.",
  ),
  done("TOOL-023", "ours", "An API name fits every model's API, is unique, and leads back to the tool."),
  done("TOOL-024", "ours", "Declarations are bounded, and the host looks through them in linear time."),
];
