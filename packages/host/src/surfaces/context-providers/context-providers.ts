import type { Extension } from "../../supervision/extension.js";

/** Something that an extension can tell a model beside a conversation, as its manifest declares it. */
export interface ContextProvider {
  /** `extension:<extension>:<id>`: the one way to name it. */
  address: string;
  extension: string;
  id: string;
  capability: string;
  description: string;
  schemaVersion: number;
}

/** `ambiguous`: two have the address, so that neither is meant. */
export type ContextProviderLookup =
  { status: "found"; provider: ContextProvider } | { status: "unknown" } | { status: "ambiguous" };

/** Context providers that extensions declare under `deferred`. Looking never starts a process. */
export class ContextProviders {
  readonly #extensions: () => readonly Extension[];

  constructor(extensions: () => readonly Extension[]) {
    this.#extensions = extensions;
  }

  /** All of them, in load order. */
  list(): ContextProvider[] {
    return this.#extensions().flatMap(({ id: extension, loaded }) =>
      (loaded.deferred?.context_providers ?? []).map(({ id, capability, description, schema_version }) => ({
        address: `extension:${extension}:${id}`,
        extension,
        id,
        capability,
        description,
        schemaVersion: schema_version,
      })),
    );
  }

  /** The one with exactly this address: no part is guessed, and letters count as they are. */
  find(address: string): ContextProviderLookup {
    const [provider, ...others] = this.list().filter((one) => one.address === address);
    if (!provider) return { status: "unknown" };
    return others.length === 0 ? { status: "found", provider } : { status: "ambiguous" };
  }
}
