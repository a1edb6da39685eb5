import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { optionalLine } from "../../text-bounds.js";
import { unlikeJson } from "../../delivery/json-likeness.js";
import { jsonBytes } from "../untrusted.js";

/** A row of an editor that an extension draws: checked, cut to its bounds, and without control characters. */
export interface EditorRow {
  readonly label: string;
  readonly marker: string | undefined;
  readonly selectable: boolean;
  /** Data that the extension wants back when the row is chosen; undefined if it was over 4 KiB. */
  readonly data: JsonValue | undefined;
}

/** The present look of a settings editor of an extension. */
export interface EditorRender {
  readonly rows: readonly EditorRow[];
  readonly cursor: number | undefined;
  readonly footer: string | undefined;
}

/** An open settings editor. */
export interface EditorState {
  readonly extension: string;
  readonly category: string;
  readonly field: string;
  /** Undefined until the extension rendered it. */
  readonly render: EditorRender | undefined;
}

/** The final value of an editor: text as the configuration holds it, or any JSON within 64 KiB. */
export type EditorValue = JsonValue;

const MAX_ROWS = 512;
const MAX_LABEL_BYTES = 512;
const MAX_MARKER_BYTES = 32;
const MAX_DATA_BYTES = 4 * 1024;
const MAX_VALUE_BYTES = 64 * 1024;

/** Reads a render of a notification or of an answer, flat or once under `render`. */
export function parseRender(value: unknown): EditorRender | undefined {
  if (!isJsonObject(value)) return undefined;
  const { rows, cursor, footer } = isJsonObject(value["render"]) ? value["render"] : value;
  if (!Array.isArray(rows)) return undefined;
  const kept = rows.slice(0, MAX_ROWS).map(rowOf);
  const inside =
    typeof cursor === "number" && Number.isInteger(cursor) && cursor >= 0 && cursor < kept.length;
  return {
    rows: kept,
    cursor: inside ? cursor : undefined,
    footer: optionalLine(footer, MAX_LABEL_BYTES),
  };
}

function rowOf(row: JsonValue): EditorRow {
  const { label, marker, selectable, data } = isJsonObject(row) ? row : { label: row };
  return {
    label: optionalLine(label, MAX_LABEL_BYTES) ?? "",
    marker: optionalLine(marker, MAX_MARKER_BYTES),
    selectable: selectable !== false,
    data: within(data, MAX_DATA_BYTES),
  };
}

/** The value of `settings.editor.commit`; undefined if there is none, or none that can be stored exactly. */
export function parseCommit(params: unknown): EditorValue | undefined {
  const value = isJsonObject(params) ? within(params["value"], MAX_VALUE_BYTES) : undefined;
  return unlikeJson(value, "") === undefined ? value : undefined;
}

function within(value: JsonValue | undefined, maxBytes: number): JsonValue | undefined {
  return value !== undefined && jsonBytes(value) <= maxBytes ? value : undefined;
}
