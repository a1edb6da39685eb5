import type { HookEvent, SynapsEvent, SynapsPayloads } from "../protocol/events.js";
import { synapsCatalog, type SynapsKind } from "../protocol/synaps-catalog.js";

/** What a builder takes: the fields that the kind always fills, and any other of the envelope. */
export type EventFields<K extends SynapsKind> = SynapsPayloads[K] &
  Partial<Omit<HookEvent, "kind" | keyof SynapsPayloads[K]>>;

/** The type of `events`: a builder for each kind of the `synaps` catalog. */
export type EventBuilders = {
  readonly [K in SynapsKind]: (fields: EventFields<K>) => SynapsEvent<K>;
};

/**
 * A builder for each kind of the `synaps` catalog: `events.before_tool_call({tool_name: "bash"})`. Fills the rest
 * of the envelope with null, as a host does, in the order of the wire. Adds no `meta` unless you give one, and
 * checks nothing at run time.
 */
export const events: EventBuilders = Object.freeze(
  Object.fromEntries(
    Object.keys(synapsCatalog.kinds).map((kind) => [
      kind,
      (fields: Partial<HookEvent>) => envelope(kind, fields),
    ]),
  ),
) as unknown as EventBuilders;

/** An event of any catalog in the whole envelope. */
export function envelope(kind: string, fields: Partial<Omit<HookEvent, "kind">> = {}): HookEvent {
  return {
    kind,
    tool_name: null,
    tool_runtime_name: null,
    tool_input: null,
    tool_output: null,
    message: null,
    session_id: null,
    transcript: null,
    data: null,
    ...fields,
  };
}
