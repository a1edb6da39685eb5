import { defineCatalog, type HookKindSpec, type Overflow } from "@synaps/sdk/protocol";

const item = (overflow: Overflow): HookKindSpec => ({
  permission: "session.lifecycle",
  toolFilter: false,
  actions: ["continue"],
  delivery: "stream",
  overflow,
  canFailClosed: false,
  since: 1,
  deadlineMs: 30_000,
  attributes: { direction: { at: "/data/direction", type: "string", description: "Way of the item" } },
  description: `An item of a stream with ${overflow}`,
});

/** A catalog with a stream for each overflow policy. */
export const streamCatalog = defineCatalog({
  name: "stream",
  version: "1.0.0",
  chain: "first_decision",
  kinds: {
    "stream.newest": item("drop_newest"),
    "stream.oldest": item("drop_oldest"),
    "stream.block": item("block"),
    "stream.disconnect": item("disconnect"),
  },
});
