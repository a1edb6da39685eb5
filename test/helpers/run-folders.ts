/** Variable with the folder for what npm installed in this run; `global-setup.ts` sets it, and removes the folder. */
export const INSTALLED_IN = "SYNAPS_TEST_INSTALLED";

/** The folder for what npm installed in this run of the tests. */
export function installedIn(): string {
  const folder = process.env[INSTALLED_IN];
  if (folder === undefined) throw new Error(`${INSTALLED_IN} is not set: there was no global setup`);
  return folder;
}
