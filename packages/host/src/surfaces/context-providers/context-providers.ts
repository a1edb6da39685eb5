import type { HostServices } from "../services.js";

/** A source of context for a model, beside the conversation, as a manifest declares it. */
export interface ContextProvider {
  /** `extension:<extension>:<id>`: the one way to name it. */
  address: string;
  extension: string;
  id: string;
  capability: string;
  description: string;
  schemaVersion: number;
}

/** `ambiguous`: two providers have the address, so that neither is meant. */
export type ContextProviderLookup =
  { status: "found"; provider: ContextProvider } | { status: "unknown" } | { status: "ambiguous" };

/** Context providers that extensions declare under `deferred`. Looking never starts a process. */
export class ContextProviders {
  readonly #services: Pick<HostServices, "extensions">;

  constructor(services: Pick<HostServices, "extensions">) {
    this.#services = services;
  }

  /** All context providers, in load order. */
  list(): ContextProvider[] {
    return this.#services.extensions().flatMap(({ id: extension, loaded }) =>
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

  /** The provider with exactly this address: no part is guessed, and case matters. */
  find(address: string): ContextProviderLookup {
    const [provider, ...others] = this.list().filter((one) => one.address === address);
    if (!provider) return { status: "unknown" };
    return others.length === 0 ? { status: "found", provider } : { status: "ambiguous" };
  }
}
