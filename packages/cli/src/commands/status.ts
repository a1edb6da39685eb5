import { EXIT } from "../exit-codes.js";
import { askHosts, noHost, reachableHosts, type Found } from "../hosts.js";
import type { Io } from "../io.js";
import { errors } from "../present-error.js";
import { foundText, muteText, statusJson, type StatusFlags } from "../status-output.js";
import { problemsOf, type Problem } from "../status-problems.js";
import { watchStatus } from "../status-watch.js";
import { jsonDocument, plain } from "../text.js";

/** Shows how the extensions of the running hosts are. */
export async function status(io: Io, flags: StatusFlags): Promise<number> {
  if (flags.check && flags.watch)
    throw errors.usage("--check and --watch do not go together", "Use one of them.");
  if (flags.watch) return watchStatus(io, flags);
  if (flags.check) return check(io, flags);
  const { stdout, stderr } = io;
  const found = await reachableHosts(flags);
  if (flags.json) {
    await stderr.write(found.mute.map((one) => muteText(one, stderr)).join(""));
    await stdout.write(jsonDocument(statusJson(found)));
  } else {
    await stdout.write(foundText(found, Date.now(), stdout));
  }
  return EXIT.ok;
}

/** Says only what is wrong, for scripts. */
async function check({ stdout }: Io, flags: StatusFlags): Promise<number> {
  const found = await askHosts(flags);
  if (found.hosts.length + found.mute.length === 0) throw await noHost(flags, found);
  const problems = found.hosts.flatMap((host) => problemsOf(host.status));
  const failed = problems.length + found.mute.length > 0;
  if (flags.json)
    await stdout.write(jsonDocument({ ...statusJson(found), ok: !failed, problems, mute: found.mute }));
  else
    await stdout.write(
      checkLines(found, problems)
        .map((line) => `${plain(line)}\n`)
        .join(""),
    );
  return failed ? EXIT.failed : EXIT.ok;
}

function checkLines({ hosts, mute }: Found, problems: readonly Problem[]): string[] {
  const where = (pid: number): string => (hosts.length > 1 ? `host ${pid}: ` : "");
  return [
    ...problems.map(({ pid, extension, problem }) => `${where(pid)}${extension}: ${problem}`),
    ...mute.map(({ why }) => why),
  ];
}
