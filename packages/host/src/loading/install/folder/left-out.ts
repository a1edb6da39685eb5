/** Names of files and folders that host and extension write at run time: no part of what is installed. */
const NOT_CODE: ReadonlySet<string> = new Set([
  "config",
  "data",
  "cache",
  ".cache",
  "logs",
  "__pycache__",
  ".git",
  ".DS_Store",
]);

/** Other forms of the configuration file: a file that is being written, and a kept file that was no text. */
const CONFIG_FILE = /^(\.config-\d+-\d+\.tmp|config\.unreadable(-\d+)?)$/;

/** True for a name at the top of an extension's folder that is not installed. */
export function isNotCode(name: string): boolean {
  return NOT_CODE.has(name) || CONFIG_FILE.test(name);
}
