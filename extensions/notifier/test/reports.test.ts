import { expect, test } from "vitest";
import { BEHAVIOURS, notifier, receiver, until } from "./support/receiver.js";

const failure = (attempts: number, locked_out: boolean) => ({
  kind: "gateway.auth_failure",
  data: { peer_addr: "10.0.0.9:5000", method: "totp", attempts, locked_out },
});

test("an alert about a cost over its budget is posted to the web address", async () => {
  const { url, received } = await receiver(() => BEHAVIOURS.ok);
  const harness = await notifier(url, { authorization: "Bearer abcdef0123456789" });
  harness.publish("cost.alert", { budget: "day", limit: "5.00", spent: "5.12", session_id: "s-1" });
  await until(harness, ({ delivered }) => delivered === 1);
  expect(received).toMatchObject([
    {
      authorization: "Bearer abcdef0123456789",
      body: {
        time: "2026-01-01T00:00:00.000Z",
        event: "cost.alert",
        severity: "high",
        repeated: 0,
        data: { budget: "day", limit: "5.00", spent: "5.12", session_id: "s-1" },
      },
    },
  ]);
});

test("failed logins and threats are posted to a chat and to a SIEM", async () => {
  const { url, received } = await receiver(() => BEHAVIOURS.ok);
  const siem = await notifier(url);
  const chat = await notifier(url, { form: "slack" });
  const threat = {
    kind: "gateway.security_event",
    session_id: "s-7",
    data: {
      event_type: "prompt_injection",
      action: "block",
      reason: "ignore all\n<!channel>",
      peer_addr: "10.0.0.9:1",
    },
  };
  const login = {
    kind: "messaging.auth",
    data: { username: "ada", success: false, failure_reason: "password" },
  };
  for (const one of [siem, chat]) {
    const { delivered: before } = await until(one, () => true);
    for (const event of [failure(1, false), failure(3, false), failure(1, true), threat, login])
      expect(await one.send(event as never)).toEqual({ action: "continue" });
    await one.send({ ...login, data: { ...login.data, success: true } } as never);
    await until(one, ({ delivered }) => delivered === before + 4);
  }
  expect(received.slice(0, 4).map(({ body }) => [body.event, body.severity, body.data])).toEqual([
    ["gateway.auth_failure", "medium", failure(3, false).data],
    ["gateway.auth_failure", "high", failure(1, true).data],
    ["gateway.security_event", "high", threat.data],
    ["messaging.auth", "medium", login.data],
  ]);
  expect(received.slice(4).map(({ body }) => body.text)).toEqual([
    "[medium] gateway.auth_failure: peer_addr 10.0.0.9:5000, method totp, attempts 3, locked_out false",
    "[high] gateway.auth_failure: peer_addr 10.0.0.9:5000, method totp, attempts 1, locked_out true",
    "[high] gateway.security_event: event_type prompt_injection, action block, reason ignore all &lt;!channel&gt;, peer_addr 10.0.0.9:1, session s-7",
    "[medium] messaging.auth: username ada, success false, failure_reason password",
  ]);
});

test("what agents report, what others raise and what the host dropped are posted to Discord, without calls to people", async () => {
  const { url, received } = await receiver(() => BEHAVIOURS.ok);
  const harness = await notifier(url, { form: "discord", report: "agent.* notify.* notifier.*" });
  const component = { type: "tool", name: "bash" };
  for (const kind of ["agent.security_violation", "agent.resource_limit_exceeded"])
    await harness.send({ kind, data: { component, reason: "@everyone\u202e\u001b[2J", value: 7 } } as never);
  harness.publish("notify.deploy.done", {
    severity: "medium",
    token: "ghp_0123456789abcdefghij",
    list: ["x"],
  });
  harness.publish("login.suspicious", { name: "not among what is reported" });
  harness.drop({ kind: "messaging.auth", dropped: 12 });
  await until(harness, ({ delivered }) => delivered === 4);
  expect(received.map(({ body }) => body)).toEqual([
    {
      content:
        "[high] agent.security_violation: component type tool, component name bash, reason @everyone [2J, value 7",
      allowed_mentions: { parse: [] },
    },
    {
      content:
        "[medium] agent.resource_limit_exceeded: component type tool, component name bash, reason @everyone [2J, value 7",
      allowed_mentions: { parse: [] },
    },
    {
      content: '[medium] notify.deploy.done: severity medium, token [masked], list ["x"]',
      allowed_mentions: { parse: [] },
    },
    {
      content: '[high] notifier.events_dropped: dropped 12, kinds ["messaging.auth"]',
      allowed_mentions: { parse: [] },
    },
  ]);
});

test("an event that is far too large makes a message within bounds", async () => {
  const { url, received } = await receiver(() => BEHAVIOURS.ok);
  const harness = await notifier(url);
  const chat = await notifier(url, { form: "discord" });
  const data = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`member${n}`, "x".repeat(1_000)]));
  for (const one of [harness, chat]) {
    one.publish("cost.alert", data);
    await until(one, ({ delivered }) => delivered === 1);
  }
  expect(JSON.stringify(received[0]?.body).length).toBeLessThan(16_384);
  expect(received[1]?.body.content.length).toBeLessThan(2_000);
});
