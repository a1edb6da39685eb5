/** What a host passes on to every extension; all else must be named in the manifest's `env`. */
const PASSED_ON = [
  ...["PATH", "HOME", "LANG", "TERM", "XDG_RUNTIME_DIR", "TMPDIR", "TZ", "LC_ALL", "LC_CTYPE"],
  // Without these, hardly a program starts on Windows; elsewhere nobody has them.
  ...["APPDATA", "COMSPEC", "PATHEXT", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "WINDIR"],
];

/** The environment of a child as a host would give it, and `extra`. */
export function childEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...extra };
}
