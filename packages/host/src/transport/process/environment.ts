/** Passed on to every extension: the reference's five, and what locale, temporary files and time zones need. */
export const PASSED_ON = [
  "PATH",
  "HOME",
  "LANG",
  "TERM",
  "XDG_RUNTIME_DIR",
  "TMPDIR",
  "TZ",
  "LC_ALL",
  "LC_CTYPE",
] as const;

/** Without these, hardly a program starts on Windows. */
export const PASSED_ON_WINDOWS = [
  "APPDATA",
  "COMSPEC",
  "HOMEDRIVE",
  "HOMEPATH",
  "LOCALAPPDATA",
  "PATHEXT",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "USERNAME",
  "USERPROFILE",
  "WINDIR",
] as const;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The whole environment of an extension's process: nothing else of the host's reaches it. `extra` holds the names
 * that its manifest declares, already checked against the deny lists.
 */
export function childEnvironment(
  from: Env,
  extra: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const names = [...PASSED_ON, ...(platform === "win32" ? PASSED_ON_WINDOWS : []), ...extra];
  const env: Record<string, string> = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
