import { createHost, nullLogger } from "@synaps/host";
import { defineCatalog, synapsCatalog, type JsonValue, type Verdict } from "@synaps/sdk/protocol";
import fc from "fast-check";
import { expect, it } from "vitest";
import { tempDir } from "../helpers/temp.js";

const catalog = defineCatalog({
  name: "loose",
  chain: "first_decision",
  kinds: {
    "x.before": {
      permission: "tools.intercept",
      toolFilter: false,
      delivery: "gate",
      actions: ["continue", "block", "modify", "replace", "skip", "cache", "redirect", "retry", "fork"],
      modifies: "data",
      replaces: "tool_output",
      canFailClosed: true,
      since: 1,
      deadlineMs: 5_000,
      description: "x",
    },
  },
});

const input = fc.constantFrom("good", "bad", "fine");
const answer: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constant<Verdict>({ action: "continue" }),
  fc.constant<Verdict>({ action: "skip", reason: "r" }),
  fc.constant<Verdict>({ action: "replace", output: "o" }),
  fc.constant<Verdict>({ action: "cache", store: true }),
  fc.constant<Verdict>({ action: "retry", delay_ms: 0, max_attempts: 3 }),
  input.map((value): Verdict => ({ action: "modify", input: value })),
  fc.constantFrom("here", "evil").map((target): Verdict => ({ action: "redirect", target })),
  fc
    .array(input, { minLength: 1, maxLength: 8 })
    .map((operations): Verdict => ({ action: "fork", operations })),
);
const scripts = fc.array(fc.array(answer, { minLength: 1, maxLength: 4 }), { maxLength: 4 });

it("a closed guard never sees run what it blocks, whatever others answer", async () => {
  const host = createHost({
    folders: [],
    baseDir: tempDir(),
    logger: nullLogger,
    catalogs: [synapsCatalog, catalog],
  });
  await host.start();
  const policies = fc.constantFrom("first_decision" as const, "rewrite_then_veto" as const);
  await fc.assert(
    fc.asyncProperty(
      scripts,
      input,
      policies,
      fc.integer({ min: 0, max: 5 }),
      async (others, data, chain, place) => {
        const takenBack = others.map((script, n) => {
          let asked = 0;
          const say = (): Verdict => script[(asked += 1) % script.length] as Verdict;
          return host.subscribe("x.before", say as never, { id: `o${n}`, priority: n });
        });
        const guard = (event: { data?: JsonValue; tool_name?: string | null }): Verdict =>
          event.data === "bad" || event.tool_name === "evil"
            ? { action: "block", reason: "no" }
            : { action: "continue" };
        takenBack.push(
          host.subscribe("x.before", guard as never, { id: "guard", priority: place, closed: true }),
        );
        const ran: unknown[] = [];
        const run = (value: JsonValue, { target }: { target: string | undefined }): string => {
          ran.push(value, target);
          if (ran.length % 4 === 2) throw new Error("fails at first");
          return "done";
        };
        await host.intercept({ before: "x.before" } as never, { data } as never, run as never, { chain });
        for (const takeBack of takenBack) takeBack();
        expect(ran).not.toContain("bad");
        expect(ran).not.toContain("evil");
      },
    ),
    { numRuns: 300 },
  );
  await host.stop();
});
