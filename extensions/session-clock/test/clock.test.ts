import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { DEADLINE_MS } from "../../audit-log/test/support/frame-client.js";
import { clockWith, hasPython, injected } from "./support.js";

const FULL =
  /^The session starts on [A-Z][a-z]+day, \d{4}-\d\d-\d\d, \d\d:\d\d \(UTC[+-]\d\d:\d\d\), time zone \S+\.$/;
const zones = spawnSync("python3", ["-c", "import zoneinfo; zoneinfo.ZoneInfo('Asia/Kolkata')"]).status === 0;

describe.skipIf(!hasPython)("the time (needs python3)", { timeout: 40_000 }, () => {
  test("a session starts with weekday, date, time and zone", async () => {
    const client = await clockWith({});
    expect(injected(await client.hook("on_session_start", { session_id: "s" }))).toMatch(FULL);
  });

  test("the date is today's", async () => {
    const client = await clockWith({}, { TZ: "UTC" });
    const before = new Date().toISOString().slice(0, 10);
    const text = injected(await client.hook("on_session_start", { session_id: "s" }));
    const after = new Date().toISOString().slice(0, 10);
    expect([before, after].some((day) => text?.includes(`, ${day}, `))).toBe(true);
    expect(text).toContain("(UTC+00:00), time zone UTC.");
  });

  test.skipIf(!zones)("a configured zone is used (needs a time zone database)", async () => {
    const client = await clockWith({ timezone: "Asia/Kolkata" });
    const text = injected(await client.hook("on_session_start", { session_id: "s" }));
    expect(text).toContain("(UTC+05:30), time zone Asia/Kolkata.");
  });

  test.skipIf(!zones)("the name of the system's zone is told (needs a time zone database)", async () => {
    const client = await clockWith({}, { TZ: "America/St_Johns" });
    const text = injected(await client.hook("on_session_start", { session_id: "s" }));
    expect(text).toMatch(/\(UTC-0[23]:30\), time zone America\/St_Johns\.$/);
  });

  test.each(["Europe/Berln", "Europe", "Nowhere", "../etc/passwd", ":Mars/Base"])(
    "TZ=%s names no zone, and model and log read it",
    async (TZ) => {
      const client = await clockWith({}, { TZ });
      const text = injected(await client.hook("on_session_start", { session_id: "s" }));
      expect(text).toContain("(UTC+00:00), time zone UTC.\nThe variable TZ names ");
      expect(text).toContain(
        `"${TZ}", a time zone that this system does not know: programs take UTC for it;`,
      );
      await client.until(() => client.stderr !== "", "a word on stderr");
      expect(client.stderr).toBe(
        `The variable TZ names "${TZ}", a time zone that this system does not know: programs take UTC for it\n`,
      );
    },
  );

  test.each(["", "UTC", "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "<+05>-5", ":UTC"])(
    "nothing is odd about TZ=%s",
    async (TZ) => {
      const client = await clockWith({}, { TZ });
      const text = injected(await client.hook("on_session_start", { session_id: "s" }));
      expect(text).not.toContain("\n");
      expect(client.stderr).toBe("");
    },
  );

  test("a message brings the time only when it is old, for each session on its own", async () => {
    const client = await clockWith({ refresh_minutes: 15 });
    await client.hook("on_session_start", { session_id: "a" });
    expect((await client.hook("before_message", { session_id: "a" })).result).toEqual({ action: "continue" });
    // This session's start was not seen, for instance because the extension was restarted since.
    expect(injected(await client.hook("before_message", { session_id: "b" }))).toMatch(
      /^It is now .*\d\d:\d\d \(UTC/,
    );
    expect(injected(await client.hook("before_message", { session_id: "b" }))).toBeUndefined();
    expect(injected(await client.hook("before_message", { session_id: "a" }))).toBeUndefined();
  });

  test("with 0 minutes each message brings the time, and only the time", async () => {
    const client = await clockWith({ refresh_minutes: "0" });
    await client.hook("on_session_start", { session_id: "s" });
    const texts = [
      injected(await client.hook("before_message", { session_id: "s" })),
      injected(await client.hook("before_message", { session_id: "s" })),
    ];
    // One of the two may have seen midnight pass.
    expect(texts.some((text) => /^It is now \d\d:\d\d \(UTC[+-]\d\d:\d\d\)\.$/.test(text ?? ""))).toBe(true);
  });

  test("the time comes again when the minutes have passed", async () => {
    const client = await clockWith({ refresh_minutes: "0.005" });
    await client.hook("on_session_start", { session_id: "s" });
    const until = Date.now() + DEADLINE_MS;
    let text: string | undefined;
    while (text === undefined && Date.now() < until) {
      text = injected(await client.hook("before_message", { session_id: "s" }));
    }
    expect(text).toMatch(/^It is now /);
  });

  test("hundreds of sessions are forgotten in order", async () => {
    const client = await clockWith({});
    await client.hook("on_session_start", { session_id: "first" });
    for (let n = 0; n < 300; n += 1) await client.hook("before_message", { session_id: `s${n}` });
    expect(injected(await client.hook("before_message", { session_id: "s299" }))).toBeUndefined();
    expect(injected(await client.hook("before_message", { session_id: "first" }))).toMatch(/^It is now /);
  });
});
