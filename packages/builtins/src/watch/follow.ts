import type { SeenOutcome } from "../hook-types.js";

/** The part of a host that `follow` needs. */
export interface FollowedHost<H> {
  use(hook: H): Promise<() => Promise<void>>;
  on(name: "outcome", listener: (outcome: SeenOutcome) => void): () => void;
}

/**
 * Registers the hook and the listener at a host, and resolves with how to take both back. Rejects as `host.use` does, with
 * neither left.
 */
export async function followBoth<H>(
  host: FollowedHost<H>,
  hook: H,
  listener: (outcome: SeenOutcome) => void,
): Promise<() => Promise<void>> {
  const deafen = host.on("outcome", listener);
  try {
    const unregister = await host.use(hook);
    return async () => {
      await unregister();
      deafen();
    };
  } catch (error) {
    deafen();
    throw error;
  }
}
