import type { Origin } from "../manifest/discover.js";
import { coverageOf, type Coverage, type CoverageOptions } from "../permission/coverage.js";
import { ConsentStore, type ConsentRecord } from "../records/consent-store.js";
import { CoverageStore } from "../records/coverage-store.js";

/** The user's configuration of an extension, which the host keeps in the user's folder, in all its forms. */
const CONFIG_FILE = /^(config|\.config-\d+-\d+\.tmp|config\.unreadable(-\d+)?)$/;

/**
 * Everything that an approval of the folder covers. In the user's folder, the extension's configuration stands beside its code: it is
 * the user's to change. In a project, a file of that name is like any other.
 */
export function coverageFor(
  { root, origin }: { root: string; origin: Origin },
  known?: CoverageOptions["known"],
): Promise<Coverage> {
  return coverageOf(root, {
    ...(known ? { known } : {}),
    ...(origin === "project"
      ? {}
      : { except: ({ name, path, isFile }) => isFile && path === name && CONFIG_FILE.test(name) }),
  });
}

/** Records the user's yes to this code: what `record` says of it, and every file that it covers. */
export async function approveCode(
  baseDir: string,
  record: ConsentRecord,
  { hash, files }: Pick<Coverage, "hash" | "files">,
): Promise<void> {
  const coverages = new CoverageStore(baseDir);
  const last = (await coverages.read(record.root))?.last;
  // The list first: an approval whose list is missing only loses the names of what changes later.
  await coverages.write(record.root, hash, files, () => true, last);
  await new ConsentStore(baseDir).write(new Map([[record.root, record]]));
}

/** Removes the approval of a folder, if there is one. */
export async function forgetCode(baseDir: string, root: string): Promise<void> {
  await new ConsentStore(baseDir).forget(root);
  await new CoverageStore(baseDir).forget(root);
}
