import { metricsOf, startMetricsListener } from "@synaps/metrics";
import { expect, it } from "vitest";
import { auditLines, differences, gatewayLines } from "../../../../examples/gateway/src/book.js";
import { day } from "../../../../examples/gateway/src/day.js";
import { starts } from "../../../../examples/gateway/src/start-and-stop.js";
import { newGateway } from "./kit.js";

/** A day of real clients, with what they did in `book` and what the host says of it. */
async function wholeDay() {
  const made = await newGateway();
  const { host, gateway, stage, book, model } = made;
  await metricsOf(host).countGateway();
  const { url } = await startMetricsListener({ host, port: 0 });
  await starts(stage);
  await day(stage);
  await gateway.stop();
  book.add("Shutdown");
  const found = gatewayLines(await (await fetch(`${url}/metrics`)).text());
  await host.stop();
  const metrics = { booked: book.metrics(stage.provider, model.bills), found };
  return { metrics, audit: { booked: book.lines, found: await auditLines(made.auditFolder) } };
}

it("raises every event at its place, for tools of secrets and skills too", async () => {
  const { audit, metrics } = await wholeDay();
  expect(audit.found).toEqual(audit.booked);
  expect(metrics.found).toEqual(metrics.booked);

  const tools = audit.found.filter((line) => line.startsWith("AfterToolCall"));
  expect(tools.map((line) => /tool_name="(\w+)"/.exec(line)?.[1])).toEqual([
    "read_clock",
    "secrets_store",
    "secrets_get",
    "skills_load",
    "make_coffee",
    "web_fetch",
    "web_fetch",
  ]);
  const kinds = new Set(audit.found.map((line) => line.replace(/ .*/, "")));
  expect([...kinds].sort()).toEqual([
    "AfterProviderCall",
    "AfterToolCall",
    "AuthFailure",
    "AuthSuccess",
    "BeforeProviderCall",
    "BeforeToolCall",
    "ConfigReload",
    "Connection",
    "Disconnection",
    "SecurityEvent",
    "Shutdown",
    "Startup",
  ]);
  // No secret of the day has a place in an event.
  expect(audit.found.join("\n")).not.toMatch(/4711|a-token|a guess|open the door/);
});

it("names each line that only one side of the comparison has, as often as it has it", () => {
  expect(differences(["a", "b", "b"], ["b", "a", "b"])).toEqual([]);
  expect(differences(["a", "b", "b"], ["b", "c", "c"])).toEqual([
    "missing: a",
    "missing: b",
    "not booked: c",
    "not booked: c",
  ]);
});
