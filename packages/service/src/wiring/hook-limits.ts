/** Seconds after which an agent ends a hook, as written into its configuration: the service's 10 s and a margin. */
export const AGENT_LIMIT_S = 15;
/** Seconds after which the hook gives up a question. Below `AGENT_LIMIT_S`, so that the hook's own rule decides. */
export const ANSWER_LIMIT_S = 12;
/** Seconds that the start of the service may take. The rest of `ANSWER_LIMIT_S` is left for the question. */
export const START_LIMIT_S = 8;
/** Seconds for the end of a session: Codex ends such a hook after 3 s, and elsewhere the person waits for it. */
export const END_AGENT_LIMIT_S = 3;
/** The hook's own limit at the end of a session, for the start and the question each. */
export const END_LIMIT_S = 2;
/** The names that agents give to the end of a session. */
export const END_EVENTS = ["SessionEnd", "sessionEnd"] as const;
/** Bytes of the failure log, above which it is renamed to `hook.log.1`. */
export const LOG_BYTES = 65_536;

/** The sentence that a model reads in place of an answer: it names no cause, since causes are for people. */
export const REFUSAL =
  "Refused by Synaps: the check that has to come before or after this call could not be made. A person has to look: synaps-ext agents list";
