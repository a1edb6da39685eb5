import {
  MAX_PREVIEW_BYTES,
  MAX_REPLACEMENT_BYTES,
  OutgoingEvent,
} from "../../../packages/host/src/delivery/outgoing-event.js";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { told, variant } from "./support/fixture.js";

const marker = (bytes: number): string => `…[truncated, ${bytes} total bytes]`;

/** What a subscriber of after_tool_call sees of an output. */
async function seen(output: string): Promise<string> {
  const { host } = await startedHost([]);
  let received: string | null = null;
  host.subscribe("after_tool_call", ({ tool_output }) => void (received = tool_output));
  await host.emit({ kind: "after_tool_call", tool_name: "t", tool_output: output });
  return String(received);
}

it(
  verifies("HOOK-026") +
    "an output of up to 256 KiB is shown whole, a longer one as its beginning with a mark",
  async () => {
    expect(MAX_PREVIEW_BYTES).toBe(262_144);
    const fits = "x".repeat(MAX_PREVIEW_BYTES);
    expect(await seen(fits)).toBe(fits);
    expect(await seen(`${fits}y`)).toBe(fits + marker(MAX_PREVIEW_BYTES + 1));
  },
);

it.each([
  ["two", "é"],
  ["three", "漢"],
  ["four", "🦊"],
])(
  verifies("HOOK-022", "HOOK-026") + "the cut never splits a character of %s bytes",
  async (_size, character) => {
    const bytes = Buffer.byteLength(character);
    for (let shift = 0; shift < bytes; shift += 1) {
      const output = "a".repeat(shift) + character.repeat(MAX_PREVIEW_BYTES);
      const kept = Math.floor((MAX_PREVIEW_BYTES - shift) / bytes);
      expect(await seen(output)).toBe(
        "a".repeat(shift) + character.repeat(kept) + marker(Buffer.byteLength(output)),
      );
    }
  },
);

it(
  verifies("HOOK-019") + "a hook sees an output that is longer than what a program shows its model",
  async () => {
    const long = "line\n".repeat(20_000);
    expect(await seen(long)).toBe(long);
  },
);

it(verifies("HOOK-042") + "a replacement of over 1 MiB is cut at a character", async () => {
  const { host } = await startedHost([]);
  const wanted = `a${"漢".repeat(MAX_REPLACEMENT_BYTES / 2)}`;
  host.subscribe("after_tool_call", () => ({ action: "replace", output: wanted }));
  const outcome = await host.emit({ kind: "after_tool_call", tool_name: "t", tool_output: "x" });
  if (outcome.action !== "replace") throw new Error("not replaced");
  expect(outcome.output).toBe(`a${"漢".repeat(Math.floor((MAX_REPLACEMENT_BYTES - 1) / 3))}`);
  expect(Buffer.byteLength(outcome.output)).toBeLessThanOrEqual(MAX_REPLACEMENT_BYTES);
});

it(
  verifies("HOOK-020") +
    "a replacement within 1 MiB is passed on whole: shortening for a model is the program's",
  async () => {
    const { host } = await startedHost([]);
    const output = "x".repeat(MAX_REPLACEMENT_BYTES);
    host.subscribe("after_tool_call", () => ({ action: "replace", output }));
    const kinds = { before: "before_tool_call", after: "after_tool_call" };
    expect(await host.intercept(kinds, { tool_name: "t" }, () => "small")).toMatchObject({ output });
  },
);

it(verifies("HOOK-043") + "an event is serialised once, however many get it", () => {
  const event = OutgoingEvent.from({ kind: "before_tool_call", tool_input: { a: 1 } }, 0);
  expect(event.text).toBe(event.text);
  expect(event.params(false, 5000, 1)).toBe(event.text);
  const large = OutgoingEvent.from({ kind: "before_tool_call", tool_input: "ö".repeat(20_000) }, 0);
  const [one, two] = [large.params(false, 5000, 1), large.params(true, 5000, 2)];
  if (typeof one === "string" || typeof two === "string") throw new Error("a large event is shared as bytes");
  expect(one.shared).toBe(two.shared);
  expect(Buffer.from(one.shared).toString() + one.tail).toBe(large.text);
  expect(JSON.parse(Buffer.from(two.shared).toString() + two.tail)).toMatchObject({ meta: { attempt: 2 } });
});

it(verifies("HOOK-044") + "input, transcript and data arrive in a process as they were given", async () => {
  const folder = tempDir();
  variant(folder, "tells-itself", {
    extension: { hooks: [{ hook: "before_tool_call" }] },
  });
  const { host } = await startedHost([folder]);
  const given = {
    kind: "before_tool_call",
    tool_name: "t",
    tool_runtime_name: "p:t",
    tool_input: { text: "ünïcödé \u2028 \u0000 🦊", deep: [[[{ a: -0.5e-7 }]]], empty: {} },
    message: "line\r\nbreaks",
    session_id: "s",
    transcript: [{ role: "user", content: "x" }],
    data: { n: null },
  };
  const { event } = told(await host.emit(given));
  expect(event).toEqual({ ...given, tool_output: null });
});
