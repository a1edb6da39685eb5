import type { Host, UiChange } from "@synaps/host";
import { expect, it } from "vitest";
import { parseWidget } from "../../../../packages/host/src/surfaces/ui/widget.js";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { interactive, offering } from "../commands/support.js";

const tell = (host: Host, ...messages: [string, unknown][]): Promise<unknown> =>
  host.commands.invoke("tell", [JSON.stringify(messages)]);
const talking = { commands: [interactive("tell"), interactive("dies")] };

it(verifies("UI-030") + "a widget is shown, replaced and dismissed, and each change is told", async () => {
  const { host } = await offering(talking);
  const changes: UiChange[] = [];
  const stop = host.ui.onChange((change) => void changes.push(change));
  await tell(
    host,
    ["widget.upsert", { id: "w", lines: ["one"], title: "T", position: "bottom_left" }],
    ["widget.upsert", { id: "w", lines: ["two"], session_id: "s1" }],
    ["widget.upsert", { id: "w", lines: ["three"] }],
    ["widget.dismiss", { id: "w", session_id: "s1" }],
  );
  expect(host.ui.widgets.all()).toEqual([
    {
      extension: "offers-commands",
      id: "w",
      sessionId: undefined,
      title: undefined,
      lines: ["three"],
      styledLines: undefined,
      position: "top_right",
      ttlMs: undefined,
    },
  ]);
  expect(changes.map(({ type }) => type)).toEqual(["widget", "widget", "widget", "widget_dismissed"]);
  expect(changes[0]).toMatchObject({ widget: { position: "bottom_left", title: "T" } });
  expect(changes[3]).toMatchObject({ reason: "dismissed", widget: { sessionId: "s1" } });
  stop();
  await tell(host, ["widget.dismiss", { id: "w" }]);
  expect([changes.length, host.ui.widgets.all("offers-commands")]).toEqual([4, []]);
});

it(verifies("UI-031") + "a widget's time to live ends it", async () => {
  const { host } = await offering(talking);
  const changes: UiChange[] = [];
  host.ui.onChange((change) => void changes.push(change));
  await tell(host, ["widget.upsert", { id: "w", lines: [], ttl_secs: 0 }]);
  await until("it expired", () => changes.length === 2);
  expect(changes[1]).toMatchObject({ type: "widget_dismissed", reason: "expired" });
  expect(host.ui.widgets.all()).toEqual([]);
});

it(verifies("UI-032") + "the number of widgets is bounded; a place becomes free again", async () => {
  const { host, log } = await offering(talking);
  const many = Array.from({ length: 40 }, (_, n): [string, unknown] => [
    "widget.upsert",
    { id: `w${n}`, lines: ["x"] },
  ]);
  await tell(host, ...many);
  expect(host.ui.widgets.all()).toHaveLength(16);
  expect(host.ui.widgets.dropped("offers-commands")).toBe(24);
  expect(statusOf(host, "offers-commands").diagnostics).toMatchObject([
    {
      code: "SENT_DROPPED",
      message: expect.stringMatching(/sent a widget that was dropped: there are 16 already$/),
    },
  ]);
  expect(log.filter(({ message }) => message === "a widget was dropped")).toMatchObject([
    { level: "warn", fields: { extension: "offers-commands", reason: "there are 16 already", count: 10 } },
  ]);
  await tell(host, ["widget.dismiss", { id: "w0" }], ["widget.upsert", { id: "new", lines: ["x"] }]);
  expect(host.ui.widgets.all().map(({ id }) => id)).toContain("new");
});

it(verifies("UI-033") + "the widgets of an extension that is gone are taken down", async () => {
  const { host } = await offering(talking, { limits: { crashBudget: 1 } });
  await tell(host, ["widget.upsert", { id: "w", lines: ["x"] }]);
  const changes: UiChange[] = [];
  host.ui.onChange((change) => void changes.push(change));
  await host.commands.invoke("dies");
  await until("it is taken down", () => host.ui.widgets.all().length === 0);
  expect(changes).toMatchObject([{ type: "widget_dismissed", reason: "gone" }]);
});

it(verifies("UI-034") + "texts are bounded and free of control characters, colours are plain words", () => {
  const widget = parseWidget("x", {
    id: "w",
    title: "\u001b]0;evil\u0007T",
    lines: ["a\u001b[2Jb\nc", "", "é".repeat(2_000)],
    styled_lines: [[{ text: "r\u001b[0m", fg: "red", bg: "url(x)" }, { text: 1 }, "no"], "no"],
    ttl_secs: 1e12,
  });
  expect(widget).toMatchObject({
    title: "]0;evilT",
    styledLines: [[{ text: "r[0m", fg: "red", bg: undefined }], []],
    ttlMs: 86_400_000,
  });
  expect(widget?.lines.slice(0, 2)).toEqual(["a[2Jbc", ""]);
  expect(widget?.lines[2]).toBe("é".repeat(512));
  expect(parseWidget("x", { id: "w", lines: Array.from({ length: 1_000 }, () => "l") })?.lines).toHaveLength(
    64,
  );
  expect(parseWidget("x", { id: "w", styled_lines: [[{ text: "a" }, { text: "b" }]] })?.lines).toEqual([
    "ab",
  ]);
  // The pieces of a coloured line share its bound.
  const pieces = Array.from({ length: 3 }, () => ({ text: "y".repeat(1_000) }));
  expect(parseWidget("x", { id: "w", styled_lines: [pieces] })?.lines).toEqual(["y".repeat(1_024)]);
});

it.each([
  null,
  [],
  { lines: [] },
  { id: "", lines: [] },
  { id: 7, lines: [] },
  { id: "w" },
  { id: "x".repeat(129), lines: [] },
  { id: "w", lines: ["a", 7] },
  { id: "w", lines: "a" },
  { id: "w", lines: [], ttl_secs: -1 },
  { id: "w", lines: [], ttl_secs: 1.5 },
  { id: "w", lines: [], ttl_secs: "1" },
  { id: "w", lines: [], position: "nowhere" },
  { id: "w", lines: [], position: "Bottom-Center" },
  { id: "w", lines: [], position: "center_left" },
  { id: "w", lines: [], position: 7 },
  { id: "w", lines: [], session_id: "s".repeat(129) },
])(verifies("UI-035") + "%j is no widget", (params) => {
  expect(parseWidget("x", params)).toBeUndefined();
});

it(verifies("UI-035") + "there are nine positions, and a default", () => {
  for (const row of ["top_", "middle_", "bottom_"])
    for (const column of ["left", "center", "right"]) {
      const position = `${row}${column}`.replace("middle_center", "center");
      expect(parseWidget("x", { id: "w", lines: [], position })?.position).toBe(position);
    }
  expect(parseWidget("x", { id: "w", lines: [], position: null })?.position).toBe("top_right");
});

it(verifies("UI-035") + "empty is no title, no session, and no time to live by itself", () => {
  expect(parseWidget("x", { id: "w", lines: [], title: "", session_id: "", ttl_secs: null })).toMatchObject({
    title: undefined,
    sessionId: undefined,
    ttlMs: undefined,
    lines: [],
  });
  expect(parseWidget("x", { id: "w", lines: [], session_id: 7 })?.sessionId).toBeUndefined();
  expect(parseWidget("x", { id: "w", lines: [], ttl_secs: 3 })?.ttlMs).toBe(3_000);
});

it(verifies("UI-036") + "a listener that throws does not stop the reading", async () => {
  const { host, log } = await offering(talking);
  let calls = 0;
  host.ui.onChange(() => {
    calls += 1;
    throw new Error("mine");
  });
  await tell(host, ["widget.upsert", { id: "a", lines: [] }], ["widget.upsert", { id: "b", lines: [] }]);
  expect(host.ui.widgets.all()).toHaveLength(2);
  expect(calls).toBe(2);
  // The second failure of the same kind is no news.
  expect(log.filter(({ message }) => message.startsWith("a listener for what extensions show"))).toHaveLength(
    1,
  );
});
