import type { Where } from "../../dispatch/where.js";
import type { Extension } from "../../supervision/extension.js";
import type { ExtensionState } from "../../supervision/states.js";

/** The present abilities of one extension, in short. Plain data. */
export interface Capabilities {
  id: string;
  health: ExtensionState;
  restartCount: number;
  hooks: {
    kind: string;
    toolFilter: readonly string[] | undefined;
    /** Conditions on attributes of the event. */
    where: Where | undefined;
    /** JSON pointers of the only parts of the event that reach it; undefined for all. */
    fields: readonly string[] | undefined;
  }[];
  /** Tools by the name that the program calls: `<id>:<tool>`. */
  tools: { name: string }[];
  /** Providers by their runtime id `<id>:<provider>`. */
  providers: { id: string; displayName: string; models: string[] }[];
  /** Declared abilities that no surface of this host uses yet, such as memory, indexer or voice. */
  future: { kind: string; name: string }[];
}

/** Reads the abilities. Those that the handshake declares are there from the first handshake on. */
export function capabilitiesOf({ id, state, restartCount, loaded, declarations }: Extension): Capabilities {
  return {
    id,
    health: state,
    restartCount,
    hooks: loaded.section.hooks.map(({ hook, tool, tools, where, fields }) => ({
      kind: hook,
      toolFilter: tools ?? (tool == null ? undefined : [tool]),
      where,
      fields,
    })),
    tools: (declarations?.tools ?? []).map(({ name }) => ({ name: `${id}:${name}` })),
    providers: (declarations?.providers ?? []).map((provider) => ({
      id: `${id}:${provider.id}`,
      displayName: provider.display_name,
      models: provider.models.map((model) => model.id),
    })),
    future: (declarations?.capabilities ?? []).map(({ kind, name }) => ({ kind, name })),
  };
}
