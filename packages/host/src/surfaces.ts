import type { Outcome } from "./dispatch/outcome.js";
import type { EventInput } from "./event/input.js";
import type { Extension } from "./extension/extension.js";
import type { StateListener } from "./fleet.js";
import type { Host } from "./host.js";
import type { Inbound } from "./inbound/inbound.js";
import type { Settings } from "./settings.js";

/** What everything that extensions offer beside hooks needs of the host. */
export interface SurfaceServices {
  settings: Settings;
  /** What extensions ask and tell by themselves. */
  inbound: Inbound;
  /** All that may have a process, in load order. */
  extensions(): Extension[];
  /** Throws a HostError when there is none of that id. */
  extension(id: string): Extension;
  onState(listener: StateListener): () => void;
  emit(event: EventInput): Promise<Outcome>;
  intercept: Host["intercept"];
}

/** What extensions offer and use beside hooks. Wired here and nowhere else. */
export type Surfaces = Readonly<Record<never, never>>;

export function createSurfaces(_services: SurfaceServices): Surfaces {
  return {};
}
