import { describe, expect, it } from "vitest";
import { hookComplaints, parse, problemsOf, section } from "../../helpers/manifests.js";

const AT = "/extension/hooks/0/breaker";

describe("the breaker of a hook", () => {
  it.each([
    ["default"],
    ["production_optimized"],
    [{ failures: 3 }],
    [{ like: "conservative", open_ms: 1_000 }],
    [{ window_ms: 10_000, slow_ms: 25, slow_rate: 0.5, min_calls: 20, budget_ms: 40, budget_share: 0.05 }],
  ])("may be %j", (breaker) => {
    expect(hookComplaints({ breaker })).toEqual([]);
  });

  it.each([
    [
      "conservativ",
      "there is no policy 'conservativ', only 'default', 'standard', 'production_optimized', 'conservative'",
    ],
    [{ failure: 3 }, "there is no 'failure'; did you mean 'failures'?"],
    [{ openMs: 3, failures: 1 }, "unknown key 'openMs': its keys are written with '_'"],
    [{ slow_calls: 1 }, "'slow_calls' and 'slow_rate' need 'slow_ms', which says when a call is slow"],
    [{ failure_rate: 1.5 }, "'failure_rate' must be a number from 0.000001 to 1"],
    [{}, "it never opens: give it 'failures', 'failure_rate', 'slow_calls', 'slow_rate' or 'budget_ms'"],
  ])("%j is refused", (breaker, complaint) => {
    expect(hookComplaints({ breaker })).toEqual([`${AT}: ${complaint}`]);
  });

  it("is named and left out under protocols that do not know it", () => {
    const hook = { hook: "before_tool_call", breaker: { failure: 3 } };
    const parsed = parse(section({ protocol_version: 1, hooks: [hook] }));
    expect(problemsOf(parsed)).toMatchObject([{ severity: "warning", pointer: AT }]);
    expect(parsed.kind === "extension" && parsed.extension.hooks[0]).not.toHaveProperty("breaker");
  });
});
