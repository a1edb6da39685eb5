import { existsSync } from "node:fs";
import { join } from "node:path";
import { settingsOf, uninstallFolder } from "@synaps/host/tooling";
import { didYouMean } from "@synaps/sdk/protocol";
import { section } from "../consent-text.js";
import { EXIT } from "../exit-codes.js";
import { baseDirFlag } from "../hosts.js";
import type { Io } from "../io.js";
import { hostOptionsOf, inventoryOf, placesOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { askOnTerminal, isYes } from "../terminal.js";
import { jsonDocument, plain, shellWord } from "../text.js";

export interface UninstallFlags extends Pick<PlaceFlags, "baseDir"> {
  yes?: boolean;
  json?: boolean;
}

/** Removes an extension from the user's folder, after asking. Configuration, data and notes stay. */
export async function uninstall(io: Io, id: string, flags: UninstallFlags): Promise<number> {
  const { baseDir } = placesOf(flags);
  const root = await ownFolder(id, flags);
  await agree(io, id, root, flags);
  const stays = await uninstallFolder(id, settingsOf(hostOptionsOf(flags)));
  const notes = join(baseDir, "memory", `${id}.jsonl`);
  await report(io, id, root, [...stays, ...(existsSync(notes) ? [notes] : [])], flags);
  return EXIT.ok;
}

/** Throws when there is no such extension, or it is the project's. */
async function ownFolder(id: string, flags: UninstallFlags): Promise<string> {
  const { userExtensions } = placesOf(flags);
  const entries = await inventoryOf(flags);
  const named = entries.filter((entry) => entry.id === id);
  // The folder's own name: misplaced content has the id that its manifest says, and is no folder of its own.
  const own = named.find(({ root }) => root === join(userExtensions, id));
  if (own) return own.root;
  const [other] = named;
  if (other) throw errors.notTheUsers(id, other.root);
  const known = entries.filter(({ origin }) => origin === "user").map((entry) => entry.id);
  throw errors.extensionNotFound(id, known, didYouMean(id, known));
}

async function agree(
  io: Io,
  id: string,
  root: string,
  { yes = false, json = false, baseDir }: UninstallFlags,
): Promise<void> {
  if (yes) return;
  const asks = io.stdin.isTTY === true;
  const out = json ? io.stderr : io.stdout;
  if (asks) await out.write(section("Removes", [root]).trimStart());
  const answer = asks
    ? await askOnTerminal(`\nRemove ${plain(id)}? Configuration, data and notes stay. [y/N] `)
    : "no_terminal";
  if (answer === "no_terminal") {
    const flag = baseDir === undefined ? "" : ` --base-dir ${shellWord(baseDir)}`;
    throw errors.uninstallConsentNeeded(id, `synaps-ext uninstall ${shellWord(id)}${flag}`);
  }
  if (!isYes(answer.line)) throw errors.uninstallRefused(id);
}

async function report(
  { stdout }: Io,
  id: string,
  folder: string,
  stays: readonly string[],
  { json, baseDir }: UninstallFlags,
): Promise<void> {
  if (json) return stdout.write(jsonDocument({ schemaVersion: 1, uninstalled: [{ id, folder, stays }] }));
  const rest = stays.map((path) => `  rm -r ${shellWord(path)}\n`).join("");
  const told = stays.length === 0 ? "" : `What it kept stays. To remove that, too:\n${plainLines(rest)}`;
  const again = `Running hosts keep it until they are restarted. To see what is left: synaps-ext list${
    baseDir === undefined ? "" : baseDirFlag(placesOf({ baseDir }).baseDir)
  }`;
  return stdout.write(`${plain(`Removed ${id}: ${folder}`)}\n${told}${plain(again)}\n`);
}

function plainLines(text: string): string {
  return text.split("\n").map(plain).join("\n");
}
