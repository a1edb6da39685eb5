import { resolve } from "node:path";
import { ExtensionError, type CommandContext } from "@synaps/sdk";
import { projectOf, type Source, type Sources } from "./config/sources.js";
import { describe } from "./describe.js";
import { statOf } from "./stat.js";
import { digestsIn, type Settings } from "./settings.js";

/** Output that a host shows as a whole. */
const MAX_SHOWN = 200 * 1024;
/** Digests that the configuration of an extension has room for. */
const MAX_APPROVED = 800;

const USAGE = "usage: show [path] | approve <digest> [path] | revoke <digest>";

/** The command `claude-hooks`: shows configurations with all that they run, approves them, takes approvals back. Runs no hook. */
export async function runCommand(
  args: readonly string[],
  sources: Sources,
  settings: Settings,
  context: CommandContext,
): Promise<void> {
  const [what = "show", ...rest] = args;
  if (what === "show" && rest.length <= 1) return show(found(sources, settings, rest[0]), settings, context);
  if (what === "approve" && (rest.length === 1 || rest.length === 2))
    return approve(rest[0] as string, found(sources, settings, rest[1]), context);
  if (what === "revoke" && rest.length === 1) return revoke(rest[0] as string, context);
  throw new ExtensionError(USAGE);
}

function show(all: readonly Source[], { approved }: Settings, { output }: CommandContext): void {
  if (all.length === 0) output.text("The key 'files' names no hook configuration.");
  let size = 0;
  for (const source of all) {
    const text = describe(source, approved).join("\n");
    size += Buffer.byteLength(text) + 1;
    // A part that nobody sees must not be approved unseen.
    if (size > MAX_SHOWN)
      output.error(`${source.path} does not fit here: synaps-ext invoke claude-hooks show '${source.path}'`);
    else output.text(text);
  }
}

async function approve(
  digest: string,
  all: readonly Source[],
  { configuration, output }: CommandContext,
): Promise<void> {
  const source = all.find((one) => one.digest === digest);
  if (source === undefined)
    throw new ExtensionError(
      "no hook configuration has this digest: it changed since it was shown, or is one of another project, whose folder can be named after the digest. Look again with: claude-hooks show",
    );
  const before = digestsIn(String((await configuration.get("approved")) ?? ""));
  const after = [...before.filter((one) => one !== digest), digest].slice(-MAX_APPROVED);
  await configuration.set("approved", after.join(" "));
  const now = digestsIn(String((await configuration.get("approved")) ?? ""));
  if (!now.includes(digest))
    throw new ExtensionError(
      "the approval does not count: a variable of the environment gives the key 'approved' another value",
    );
  output.text(`${source.path} is approved: ${source.definition.handlers.length} hooks may run.`);
}

async function revoke(digest: string, { configuration, output }: CommandContext): Promise<void> {
  const before = digestsIn(String((await configuration.get("approved")) ?? ""));
  if (!before.includes(digest)) throw new ExtensionError("this digest is not approved");
  const left = before.filter((one) => one !== digest);
  await configuration.set("approved", left.length === 0 ? null : left.join(" "));
  output.text("The approval was taken back.");
}

/** All configurations of a project; with the path of a file, this one alone. */
function found(sources: Sources, settings: Settings, path: string | undefined): Source[] {
  const project = settings.projectRoot ?? process.cwd();
  if (path === undefined) return sources.read(settings.files, project);
  const whole = resolve(project, path);
  if (statOf(whole)?.isDirectory() === true) {
    const all = sources.read(settings.files, projectOf(whole));
    const plugin = all.filter(({ places }) => places.pluginRoot === whole);
    return plugin.length > 0 ? plugin : all;
  }
  const one = [project, projectOf(resolve(whole, "..", ".."))]
    .flatMap((folder) => sources.read(settings.files, folder))
    .filter((source) => source.path === whole);
  if (one.length > 0) return one.slice(0, 1);
  throw new ExtensionError(`the key 'files' does not name '${path}'`);
}
