/** Passed on to every extension: the reference's five, and those for locale, temporary files and time zones. */
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

/** Variables without which hardly a program starts on Windows. */
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
 * Builds the whole environment of an extension's process: no other variable of the host reaches the extension. `extra`
 * holds the names that the manifest declares, already checked against the deny lists.
 */
export function childEnvironment(
  from: Env,
  extra: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const windows = platform === "win32";
  const names = [...PASSED_ON, ...(windows ? PASSED_ON_WINDOWS : []), ...extra];
  const source = windows ? withoutCase(from) : from;
  const env: Record<string, string> = {};
  for (const name of names) {
    const key = windows ? name.toUpperCase() : name;
    // Every object inherits `constructor` and the like: a manifest may not ask for those.
    const value = Object.hasOwn(source, key) ? source[key] : undefined;
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/**
 * Builds the environment of a program that the user starts: a sidecar or a shell command. It is the extension's, and with
 * the permission `environment.inherit` the whole of the host's.
 */
export function programEnvironment(
  from: Env,
  { section, permissions }: { section: { env: readonly string[] }; permissions: ReadonlySet<string> },
): Record<string, string> {
  const own = childEnvironment(from, section.env);
  if (!permissions.has("environment.inherit")) return own;
  const whole = Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(whole), ...own };
}

/** Windows knows `Path` by any spelling, and so does `process.env`; a copy of it knows one spelling only. */
function withoutCase(from: Env): Env {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name.toUpperCase(), value]));
}
