import { join } from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { HostError, messageOf, systemCode } from "../../errors.js";
import { readRegularFile } from "../regular-file.js";
import { replacePrivateFile } from "../records/private-file.js";

/**
 * Notes in the ecosystem's `<base>/plugins.json` that an extension's setup failed, or that it did not. The file is
 * shared with other programs: all else in it stays as it is. Throws a HostError, and writes nothing, when it cannot be
 * read as what it should be. A setup that did not fail makes no entry.
 */
export async function noteSetup(baseDir: string, id: string, failed: boolean): Promise<void> {
  const path = join(baseDir, "plugins.json");
  const state = await read(path);
  const installed = state["installed"] ?? [];
  if (!Array.isArray(installed)) throw unreadable(path, "'installed' is no list");
  const at = installed.findIndex((one) => isJsonObject(one) && one["name"] === id);
  const entry = installed[at];
  if (!failed && !(isJsonObject(entry) && "setup_status" in entry)) return;
  const { setup_status: _, ...rest } = isJsonObject(entry) ? entry : { name: id };
  const next: JsonObject = failed ? { ...rest, setup_status: "failed" } : rest;
  const list: JsonValue[] = at === -1 ? [...installed, next] : installed.with(at, next);
  const text = `${JSON.stringify({ ...state, installed: list }, null, 2)}\n`;
  await replacePrivateFile(path, text);
}

async function read(path: string): Promise<JsonObject> {
  let text: string;
  try {
    text = (await readRegularFile(path)).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return {};
    throw unreadable(path, messageOf(error));
  }
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw unreadable(path, "it is no JSON");
  }
  if (isJsonObject(state)) return state;
  throw unreadable(path, "it is no object");
}

function unreadable(path: string, why: string): HostError {
  return new HostError(
    "SETUP_NOT_RECORDED",
    `The record of installed plugins '${path}' was not changed: ${why}`,
    {
      hint: "Correct it or move it away, and run the setup again.",
    },
  );
}
