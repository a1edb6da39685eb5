import { replace } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { rewriteThenVeto } from "../../../packages/host/src/dispatch/rewrite-then-veto.js";
import {
  abstains,
  chainOf,
  decideInTurn,
  kindSpec,
  members,
  outputEvent,
  slowMember,
  type Member,
} from "../../helpers/chain-kit.js";
import { verifies } from "../../requirements/verifies.js";

const open = (name: string, output: string): Member => ({ name, answer: () => replace(output) });
const closed = (name: string, output: string): Member => ({ ...open(name, output), closed: true });
const lost = (name: string): Member => ({ name, closed: true, answer: abstains("timeout") });

const TABLE: { what: string; list: Member[]; output: string; by: string }[] = [
  {
    what: "the replacement of a closed one counts before an earlier open one",
    list: [open("a", "raw, more"), closed("g", "redacted")],
    output: "redacted",
    by: "g",
  },
  {
    what: "a withheld output stays withheld behind a closed one that answered",
    list: [closed("g", "half redacted"), lost("h")],
    output: "[output withheld: 'h' could not answer (timeout) and must not be passed over]",
    by: "h",
  },
  {
    what: "a withheld output stays withheld before a closed one that answered",
    list: [lost("h"), closed("g", "half redacted")],
    output: "[output withheld: 'h' could not answer (timeout) and must not be passed over]",
    by: "h",
  },
  {
    what: "two closed ones withhold the output, because neither has what the other took out",
    list: [closed("g", "without a"), closed("h", "without b")],
    output: "[output withheld: 'g' and 'h' replaced it at the same time]",
    by: "g",
  },
  {
    what: "two closed ones that agree are taken at their word",
    list: [closed("g", "redacted"), closed("h", "redacted")],
    output: "redacted",
    by: "g",
  },
];

describe("replacements of the same output that come together, because the time runs short", () => {
  for (const policy of ["first_decision", "rewrite_then_veto"] as const)
    for (const { what, list, output, by } of TABLE)
      it(verifies("FAIL-053") + `${policy}: ${what}`, async () => {
        const { slow, now } = slowMember();
        const { subscriptions } = members(slow, ...list);
        const chain = chainOf(kindSpec("after_tool_call"), subscriptions, {}, now);
        const ask = policy === "first_decision" ? decideInTurn : rewriteThenVeto;
        const { decision } = await ask(chain, outputEvent("raw"));
        expect(decision).toEqual({ action: "replace", output, by });
        const ignored = chain.votes.filter(
          (vote) =>
            vote.status === "voted" && vote.verdict.action === "replace" && vote.verdict.output !== output,
        );
        for (const vote of ignored) expect(vote).toHaveProperty("ignored");
      });

  it("a late replacement counts on top of one that was made in turn", async () => {
    const { slow, now } = slowMember(replace("raw, more"));
    const { subscriptions, asked } = members(slow, closed("g", "redacted"));
    const chain = chainOf(kindSpec("after_tool_call"), subscriptions, {}, now);
    const { decision } = await rewriteThenVeto(chain, outputEvent("raw"));
    expect(asked.map(({ output }) => output)).toEqual(["raw", "raw, more"]);
    expect(decision).toEqual({ action: "replace", output: "redacted", by: "g" });
  });
});
