/** What a host passes on to every extension; all else must be named in the manifest's `env`. */
export const PASSED_ON = "PATH HOME LANG TERM XDG_RUNTIME_DIR TMPDIR TZ LC_ALL LC_CTYPE".split(" ");

/** Without these, hardly a program starts on Windows; a host passes them on there. */
export const PASSED_ON_WINDOWS = (
  "APPDATA COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA PATHEXT PROGRAMDATA PROGRAMFILES " +
  "SYSTEMDRIVE SYSTEMROOT TEMP TMP USERNAME USERPROFILE WINDIR"
).split(" ");

/** The environment of a child as a host would give it, and `extra`. */
export function childEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const names = process.platform === "win32" ? [...PASSED_ON, ...PASSED_ON_WINDOWS] : PASSED_ON;
  const env: Record<string, string> = {};
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...extra };
}
