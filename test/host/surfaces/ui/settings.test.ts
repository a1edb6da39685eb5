import type { UiChange } from "@synaps/host";
import { expect, it } from "vitest";
import { parseCommit, parseRender } from "../../../../packages/host/src/surfaces/ui/editor-render.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { interactive, offering, type Offer } from "../commands/support.js";

const custom = { key: "model", label: "Model", editor: "custom" };
const settings = {
  categories: [
    { id: "voice", label: "Voice", fields: [{ key: "lang", label: "Language", editor: "text" }, custom] },
  ],
};
const offer: Offer = { commands: [interactive("tell")], manifest: { settings } };

it(verifies("UI-040") + "an editor is opened, rendered, given keys, and ends with a value", async () => {
  const { host } = await offering(offer);
  const changes: UiChange[] = [];
  host.ui.onChange((change) => void changes.push(change));
  expect(host.ui.settings.categories()).toMatchObject([{ extension: "offers-commands", id: "voice" }]);
  const opened = await host.ui.settings.open("offers-commands", "voice", "model");
  const render = {
    rows: [{ label: "First", marker: undefined, selectable: true, data: undefined }],
    cursor: 0,
    footer: undefined,
  };
  const editor = { extension: "offers-commands", category: "voice", field: "model", render };
  expect(opened).toEqual({ status: "done", value: null, editor });
  expect(host.ui.settings.editor("offers-commands")).toEqual(editor);
  expect(await host.ui.settings.key("offers-commands", "Enter")).toMatchObject({ status: "done" });
  expect(changes).toEqual([
    { type: "editor", editor },
    { type: "editor_commit", editor, value: "voice/model" },
    { type: "editor_closed", editor, reason: "chosen" },
  ]);
  expect(host.ui.settings.editor("offers-commands")).toBeUndefined();
});

it(verifies("UI-041") + "an answer may carry the render, flat or nested", async () => {
  for (const answer of [{ rows: [{ label: "In" }] }, { render: { rows: [{ label: "In" }] } }]) {
    const args = [JSON.stringify({ "settings.editor.open": answer })];
    const { host } = await offering({ ...offer, extension: { args: [`${mainOf()}`, ...args] } });
    const opened = await host.ui.settings.open("offers-commands", "voice", "model");
    expect(opened).toMatchObject({ status: "done", editor: { render: { rows: [{ label: "In" }] } } });
  }
});

it(
  verifies("UI-042") + "an editor that fails or is slow is an answer; one that is not there is refused",
  async () => {
    const { host } = await offering(offer, { limits: { screenMs: 150 } });
    const { settings: pages } = host.ui;
    const none = "has no editor for 'voice/lang'";
    await expect(pages.open("offers-commands", "voice", "lang")).rejects.toThrow(none);
    await expect(pages.open("nobody", "voice", "model")).rejects.toThrow("There is no extension 'nobody'");
    await expect(pages.key("offers-commands", "Up")).rejects.toThrow("no settings editor open");
    await pages.open("offers-commands", "voice", "model");
    expect(await pages.key("offers-commands", "Up")).toMatchObject({
      status: "failed",
      reason: "method not found: settings.editor.key",
    });
    expect(await pages.commit("offers-commands", "v")).toMatchObject({ status: "failed" });
    pages.close("offers-commands", "left");
    expect(pages.editor("offers-commands")).toBeUndefined();
  },
);

it(verifies("UI-043") + "what an editor sends while none is open is ignored", async () => {
  const { host } = await offering(offer);
  const changes: UiChange[] = [];
  host.ui.onChange((change) => void changes.push(change));
  const messages = [
    ["settings.editor.render", { rows: [] }],
    ["settings.editor.commit", { value: "x" }],
    ["settings.editor.close", {}],
    ["widget.upsert", { id: "last", lines: [] }],
  ];
  await host.commands.invoke("tell", [JSON.stringify(messages)]);
  await until("all were read", () => host.ui.widgets.all().length === 1);
  expect(changes.map(({ type }) => type)).toEqual(["widget"]);
});

it(verifies("UI-044") + "renders and values are bounded and clean", () => {
  const rows = Array.from({ length: 1_000 }, () => ({
    label: "l\u001b[1m",
    data: "d".repeat(5_000),
    selectable: false,
  }));
  const render = parseRender({ rows: [...rows], cursor: 900, footer: "f\u0007" });
  expect(render?.rows).toHaveLength(512);
  expect(render?.rows[0]).toEqual({ label: "l[1m", marker: undefined, selectable: false, data: undefined });
  expect([render?.cursor, render?.footer]).toEqual([undefined, "f"]);
  for (const wrong of [null, {}, { rows: "x" }, { render: {} }, []])
    expect(parseRender(wrong)).toBeUndefined();
  expect(parseCommit({ value: "x".repeat(70_000) })).toBeUndefined();
  expect([parseCommit({ value: 0 }), parseCommit({}), parseCommit(null)]).toEqual([0, undefined, undefined]);
});

function mainOf(): string {
  return new URL("../../../fixtures/extensions/offers-commands/main.mjs", import.meta.url).pathname;
}
