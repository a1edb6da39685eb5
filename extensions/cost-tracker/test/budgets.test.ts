import { describe, expect, test, vi } from "vitest";
import { ExtensionError } from "@synaps/sdk";
import { envelope, type Harness } from "@synaps/sdk/testing";
import { aboutToWork, Calendar, report, tracker, worked } from "./support.js";

/** A dollar for each million tokens. */
const prices = "gpt-4o 1 1";
const spend = (extension: Harness, dollars: number, session_id = "s1"): Promise<unknown> =>
  extension.send(worked({ input: dollars * 1_000_000, session_id }));
const DAY_MS = 86_400_000;

describe("budgets", () => {
  test("each level of each budget is told once, and each session and each day has its own", async () => {
    const calendar = new Calendar();
    await using extension = await tracker(
      { prices, budget_session: "5", budget_day: "10.00", budget_total: "20" },
      { calendar },
    );
    for (const session of ["s1", "s2"]) {
      await spend(extension, 4, session);
      await spend(extension, 1, session);
      await spend(extension, 0, session);
    }
    calendar.ms += DAY_MS;
    await spend(extension, 9, "s3");
    expect(extension.published.map(({ topic, data }) => [topic, ...Object.values(data as object)])).toEqual([
      ["cost.alert", "session", "warning", "5.00", "4.00", "s1"],
      ["cost.alert", "session", "exceeded", "5.00", "5.00", "s1"],
      ["cost.alert", "session", "warning", "5.00", "4.00", "s2"],
      ["cost.alert", "day", "warning", "10.00", "9.00", null],
      ["cost.alert", "session", "exceeded", "5.00", "5.00", "s2"],
      ["cost.alert", "day", "exceeded", "10.00", "10.00", null],
      ["cost.alert", "session", "exceeded", "5.00", "9.00", "s3"],
      ["cost.alert", "day", "warning", "10.00", "9.00", null],
      ["cost.alert", "total", "warning", "20.00", "19.00", null],
    ]);
    expect(Object.keys(extension.published[0]?.data as object)).toEqual([
      "budget",
      "level",
      "limit",
      "spent",
      "session_id",
    ]);
    expect(extension.logs[0]).toBe(`The budget of session "s1" runs out: 4.00 of 5.00`);
  });

  test("nothing is stopped unless it is asked for", async () => {
    await using extension = await tracker({ prices, budget_total: "1" });
    await spend(extension, 2);
    expect(await extension.send(aboutToWork("s1"))).toEqual({ action: "continue" });
  });

  test("with block, what would begin in a spent session is stopped, and other sessions go on", async () => {
    await using extension = await tracker({ prices, budget_session: "5", on_exceeded: "block" });
    await spend(extension, 4.999999);
    expect(await extension.send(aboutToWork("s1"))).toEqual({ action: "continue" });
    await spend(extension, 0.000001);
    const stopped = { action: "block", reason: `The budget of session "s1" is spent: 5.00 of 5.00` };
    expect(await extension.send(aboutToWork("s1"))).toEqual(stopped);
    const call = { tool_name: "bash", session_id: "s1" };
    expect(await extension.send(envelope("before_tool_call", call))).toEqual(stopped);
    expect(await extension.send(aboutToWork("s2"))).toEqual({ action: "continue" });
    const provider = { data: { provider: "p", model: "m", session_id: "s1" } };
    expect(await extension.send(envelope("gateway.before_provider_call", provider))).toEqual(stopped);
  });

  test("the budget of a day is fresh at midnight UTC, and its own report can be read when it is spent", async () => {
    const calendar = new Calendar();
    await using extension = await tracker({ prices, budget_day: "5", on_exceeded: "block" }, { calendar });
    await spend(extension, 5);
    expect(await extension.send(aboutToWork("s1"))).toMatchObject({ action: "block" });
    for (const tool_name of ["cost-tracker:report", "cost-tracker_report"])
      expect(await extension.send(envelope("before_tool_call", { tool_name }))).toEqual({
        action: "continue",
      });
    calendar.ms = Date.parse("2026-03-02T00:00:00Z");
    expect(await extension.send(aboutToWork("s1"))).toEqual({ action: "continue" });
    expect((await report(extension, "day")).rows.map(({ name }) => name)).toEqual(["2026-03-01"]);
  });

  test("an alert that cannot be raised is in the log, and the event is answered", async () => {
    const answers = {
      "event.publish": () => {
        throw new ExtensionError("too many events", { code: 1005 });
      },
    };
    await using extension = await tracker({ prices, budget_total: "1" }, { answers });
    expect(await spend(extension, 2)).toEqual({ action: "continue" });
    await vi.waitFor(() => expect(extension.logs).toHaveLength(2));
    expect(extension.logs).toEqual([
      "The budget in all is spent: 2.00 of 1.00",
      "The alert was not raised: too many events",
    ]);
  });
});

describe("a model without a price", () => {
  test("is counted, said in the log once and in each report, and never as a cost of 0", async () => {
    await using extension = await tracker({ prices });
    for (let n = 0; n < 3; n += 1) await extension.send(worked({ model: "llama", input: 5, output: 7 }));
    await extension.send(worked({ input: 1_000 }));
    expect(extension.logs).toEqual([
      "The model 'llama' has no price: its tokens are counted, its cost is not. Add it to 'prices'.",
    ]);
    const { total, rows, remarks } = await report(extension, "model");
    expect(total).toEqual({
      calls: "4",
      unpriced: "3",
      input_tokens: "1015",
      output_tokens: "21",
      cost: "0.001",
    });
    expect(rows[1]).toMatchObject({ name: "llama", calls: "3", unpriced: "3" });
    expect(remarks).toEqual([
      "Calls without a price, which are in no cost: llama (3). Add their models to 'prices'.",
    ]);
    const { output } = await extension.invoke("cost", ["model"]);
    expect(JSON.stringify(output)).toContain(`["llama","3","15","21","no price"]`);
  });

  test("10,000 names cost 101 lines and a bounded report, and no call is lost", async () => {
    await using extension = await tracker({ prices });
    for (let n = 0; n < 10_000; n += 1)
      await extension.send(worked({ model: `m${n}`, component: `c${n}`, session_id: `s${n}`, input: 1 }));
    expect(extension.logs).toHaveLength(101);
    expect(extension.logs.at(-1)).toBe("Further models have no price; the report names them.");
    const { total, rows } = await report(extension, "model");
    expect([total.calls, total.input_tokens, rows.length]).toEqual(["10000", "10000", 50]);
    expect(rows[0]).toMatchObject({ name: "(others)", calls: "9000" });
  });
});

describe("numbers that make no sense", () => {
  test.each([[-1], [1.5], ["7"], [2 ** 53], [null], [{}]])(
    "%j tokens are not counted, and told",
    async (input) => {
      await using extension = await tracker({ prices });
      expect(await extension.send(worked({ input }))).toEqual({ action: "continue" });
      expect(extension.logs).toHaveLength(1);
      expect(extension.logs[0]).toMatch(
        /^An event 'agent.after_agent_execution' is not counted: input must be a whole/,
      );
      const { total, remarks } = await report(extension);
      expect([total.calls, remarks.length]).toEqual(["0", 1]);
    },
  );

  test("an agent without a model is nothing to count; sources that are switched off are not counted", async () => {
    await using extension = await tracker({ prices, sources: "synaps" });
    await spend(extension, 1);
    await extension.send(envelope("agent.after_agent_execution", { tool_output: "", data: {} }));
    expect((await report(extension)).total.calls).toBe("0");
    expect(extension.logs).toEqual([]);
  });
});
