import { isClosedGuard, type Change, type ConsentRecord, type InventoryEntry } from "@synaps/host/tooling";
import {
  permissionsOf,
  readCommands,
  readKeybinds,
  type ExtensionSection,
  type Manifest,
} from "@synaps/sdk/manifest";
import { topicPermission, topicSentence, type Catalog } from "@synaps/sdk/protocol";
import { askedLines, sightChanges } from "./hook-text.js";
import type { Output } from "./io.js";
import { plain } from "./text.js";

/** The text that is shown of an extension before somebody agrees to it. */
export interface Shown {
  id: string;
  version: string | null;
  /** The folder that its code comes from, and who put it there. */
  from: string;
  command: string;
  args: readonly string[];
  manifest: Manifest | undefined;
  section: ExtensionSection | undefined;
  /** Programs and files outside of the folder that it leads to: the approval covers them, too. */
  outside?: readonly string[] | undefined;
  /** Files that changed since the approval before. */
  changes?: readonly Change[] | undefined;
  /** The user's own extension whose place it takes. */
  takesPlaceOf?: string | undefined;
}

/** `own` is the user's extension of the same id, if it comes with a project. */
export function shownOf(
  { id, root, origin, extension, coverage, changes }: InventoryEntry,
  own?: InventoryEntry,
): Shown {
  const { command = "", args = [], manifest, version = null, section } = extension ?? {};
  const from = `${root} (${origin === "project" ? "comes with this project" : "your own folder"})`;
  const guards =
    own && isClosedGuard(own) ? ", which blocks when it cannot answer, and then runs no more" : "";
  const takesPlaceOf = own && `your own '${own.id}' in ${own.root}${guards}`;
  return {
    id,
    version,
    from,
    command,
    args,
    manifest,
    section,
    outside: coverage?.outside,
    changes,
    takesPlaceOf,
  };
}

/**
 * All that a user needs to decide whether an extension may run. `before` is what was agreed to last time; `catalogs` have the
 * sentences about their permissions.
 */
export function consentText(
  {
    id,
    version,
    from,
    command,
    args,
    manifest,
    section: declared,
    outside = [],
    changes = [],
    takesPlaceOf,
  }: Shown,
  record: ConsentRecord,
  before: ConsentRecord | undefined,
  catalogs: readonly Catalog[],
  out: Output,
): string {
  const sentences = permissionsOf(catalogs);
  const programs = manifest === undefined ? [] : programsOf(manifest);
  const setup = setupOf(manifest, declared);
  const title = out.paint("bold", plain(`${id} ${version ?? "(no version)"}`));
  const described = manifest?.description == null ? "" : `${plain(manifest.description)}\n`;
  return [
    `${title}\n${described}`,
    section("From", [from]),
    command === ""
      ? ""
      : section("Runs, with all of your rights", [[command, ...args].map(quoted).join(" ")]),
    programs.length === 0 ? "" : section("Starts when you ask it to, with the same rights", programs),
    setup.length === 0 ? "" : section("Is prepared by 'synaps-ext setup', which asks once more", setup),
    section(
      "May",
      record.permissions.map((one) => permissionText(one, sentences)),
    ),
    section("Is asked at", askedLines(record, declared)),
    section("Is given these environment variables", record.env),
    takesPlaceOf === undefined ? "" : section("Takes the place of", [takesPlaceOf]),
    outside.length === 0 ? "" : section("Leads to these files outside of its folder", outside),
    section("Code", [record.hash]),
    before === undefined
      ? ""
      : section("Changed since you approved it", [...recordChanges(before, record), ...fileChanges(changes)]),
  ].join("");
}

/** The script and the files from elsewhere that prepare an extension. */
function setupOf(manifest: Manifest | undefined, declared: ExtensionSection | undefined): string[] {
  const script = declared?.setup ?? manifest?.provides?.sidecar?.setup;
  const files = Object.entries(declared?.prebuilt ?? {}).map(([machine, { url }]) => `${machine}: ${url}`);
  return [...(script == null ? [] : [`bash ${quoted(script)}`]), ...files];
}

/** What a command, a key or a sidecar starts beside the extension itself. */
function programsOf(manifest: Manifest): string[] {
  const commands = readCommands(manifest.commands).entries.flatMap((one) =>
    one.shape === "shell" ? [`/${one.name}: ${[one.command, ...one.args].map(quoted).join(" ")}`] : [],
  );
  const scripts = readKeybinds(manifest.keybinds).entries.flatMap(({ key, action }) =>
    action.type === "run_script" ? [`${key}: ${quoted(action.script)}`] : [],
  );
  const sidecar = manifest.provides?.sidecar;
  return [...commands, ...scripts, ...(sidecar ? [`sidecar: ${quoted(sidecar.command)}`] : [])];
}

export function section(title: string, lines: readonly string[]): string {
  const body = lines.length === 0 ? ["nothing"] : lines;
  return `\n${title}:\n${body.map((line) => `  ${plain(line)}\n`).join("")}`;
}

function permissionText(permission: string, sentences: Readonly<Record<string, string>>): string {
  const topics = topicPermission(permission);
  if (topics) return `${permission}: ${topicSentence(topics)}`;
  const sentence = Object.hasOwn(sentences, permission) ? sentences[permission] : undefined;
  return sentence === undefined ? permission : `${permission}: ${sentence}`;
}

/** So that it is visible where an argument begins and ends. */
function quoted(argument: string): string {
  return /^[\w./:@%+=,-]+$/.test(argument) ? argument : JSON.stringify(argument);
}

function recordChanges(before: ConsentRecord, now: ConsentRecord): string[] {
  const version =
    before.version === now.version
      ? []
      : [`version: ${before.version ?? "none"} to ${now.version ?? "none"}`];
  return [
    ...version,
    ...listChanges("permission", before.permissions, now.permissions),
    ...listChanges("hook", before.hooks, now.hooks),
    ...sightChanges(before, now),
    ...listChanges("environment variable", before.env, now.env),
    `code: was ${before.hash}, approved ${before.granted_at}`,
  ];
}

/** Most files that are listed: `synaps-ext diff` has all of them. */
const MOST_FILES = 20;

function fileChanges(changes: readonly Change[]): string[] {
  const more = changes.length - MOST_FILES;
  const lines = changes.slice(0, MOST_FILES).map(({ name, what }) => `${what}: ${name}`);
  return more > 0 ? [...lines, `and ${more} more files`] : lines;
}

function listChanges(noun: string, before: readonly string[], now: readonly string[]): string[] {
  return [
    ...now.filter((one) => !before.includes(one)).map((one) => `new ${noun}: ${one}`),
    ...before.filter((one) => !now.includes(one)).map((one) => `no longer: ${noun} ${one}`),
  ];
}
