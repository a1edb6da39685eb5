import { createHarness } from "@synaps/sdk/testing";
import { expect, test } from "vitest";
import { createNotifier } from "../src/extension.js";
import { BEHAVIOURS, notifier, receiver, SECRET, until } from "./support/receiver.js";

const https = `https://hooks.example.com/${SECRET}`;
const refusal = (config: Record<string, string | number>): Promise<string> =>
  createHarness(createNotifier(), { config }).then(
    async (harness) => harness.stop().then(() => "it started"),
    (error: Error) => error.message,
  );

test.each([
  [{}, "config key 'webhook_url' is missing: set it, or the variable NOTIFIER_WEBHOOK_URL"],
  [{ webhook_url: SECRET }, "config key 'webhook_url' must be a whole web address that begins with https://"],
  [
    { webhook_url: `http://hooks.example.com/${SECRET}` },
    "config key 'webhook_url' must begin with https:// for another machine, unless 'allow_http' is true",
  ],
  [
    { webhook_url: `http://127.0.0.1.example.com/${SECRET}` },
    "config key 'webhook_url' must begin with https:// for another machine, unless 'allow_http' is true",
  ],
  [
    { webhook_url: `file:///etc/${SECRET}` },
    "config key 'webhook_url' must begin with https://, or http:// for this machine",
  ],
  [
    { webhook_url: https, authorization: `${SECRET}\r\nx: y` },
    "config key 'authorization' must be up to 4096 plain characters in one line",
  ],
  [
    { webhook_url: https, report: "gateway.* mesaging.auth" },
    "config key 'report' has 'mesaging.auth', which is none of gateway.security_event, gateway.auth_failure, messaging.auth, agent.security_violation, agent.resource_limit_exceeded, cost.*, login.*, allowlist.*, notify.*, notifier.*",
  ],
  [
    { webhook_url: https, report: " " },
    "config key 'report' must name at least one kind or topic; * reports all",
  ],
  [{ webhook_url: https, attempts: 1.5 }, "config key 'attempts' must be a whole number, not 1.5"],
  [{ webhook_url: https, attempts: 0 }, "config key 'attempts' must be"],
  [{ webhook_url: https, form: "mail" }, "config key 'form' must be"],
])("refuses %j", async (config, message) => {
  const text = await refusal(config);
  expect(text.startsWith(message)).toBe(true);
  expect(text).not.toContain(SECRET);
});

test.each([
  ["https://hooks.example.com/x", {}],
  ["http://localhost:9/x", {}],
  ["http://127.9.9.9:9/x", {}],
  ["http://[::1]:9/x", {}],
  ["http://hooks.example.com/x", { allow_http: "true" }],
])("takes %s with %j", async (webhook_url, more) => {
  expect(await refusal({ webhook_url, ...more })).toBe("it started");
});

test("another address counts from the next try on, and a wrong one changes nothing", async () => {
  const [first, second] = [await receiver(() => BEHAVIOURS.error), await receiver(() => BEHAVIOURS.ok)];
  const harness = await notifier(first.url, { attempts: 20 });
  harness.notify("config.changed", { key: "webhook_url", value: `ftp://${SECRET}` });
  harness.publish("cost.alert", {});
  await until(harness, () => first.received.length > 1);
  harness.notify("config.changed", { key: "webhook_url", value: second.url });
  await until(harness, ({ delivered }) => delivered === 1);
  expect(second.received[0]?.id).toBe(first.received[0]?.id);
  const { retried } = await until(harness, () => true);
  harness.notify("config.changed", { key: "attempts", value: 1 });
  harness.notify("config.changed", { key: "webhook_url", value: first.url });
  harness.publish("cost.alert", {});
  expect(await until(harness, ({ given_up }) => given_up === 1)).toMatchObject({ retried });
  expect(harness.logs).toEqual([
    "WARNING: the changed configuration is not used: config key 'webhook_url' must begin with https://, or http:// for this machine",
    "cost.alert is given up after 1 try: it answered 500",
  ]);
});
