import "@synaps/sdk/guard";
import { defineExtension, serve } from "@synaps/sdk";
import { CATALOGS } from "@synaps/sdk/catalogs";

const name = process.argv[2] ?? "synaps";
const catalog = Object.values(CATALOGS).find((one) => one.name === name);
if (!catalog) throw new Error(`There is no catalog '${name}'.`);
const seen: Record<string, number> = {};

/** Counts every event that it is told of, whatever its kind, and lets all of them pass. */
serve(
  defineExtension({
    catalogs: [catalog],
    hooks: Object.fromEntries(
      Object.keys(catalog.kinds).map((kind) => [
        kind,
        () => {
          seen[kind] = (seen[kind] ?? 0) + 1;
        },
      ]),
    ),
    tools: {
      seen: {
        description: "Tells how many events of each kind were seen.",
        input_schema: { type: "object", additionalProperties: false },
        idempotent: true,
        run: () => JSON.stringify(seen),
      },
    },
  }),
);
