/** Rounds of folding: a path of more parts keeps its beginning. */
const MAX_ROUNDS = 8;

const TEXT = String.raw`(?:[rbfu]?"([^"\\\n]{0,500})"|[rbfu]?'([^'\\\n]{0,500})'|${"`"}([^${"`"}\\\n]{0,500})${"`"})`;

/** What gives the home folder in Python, Node, Ruby, Perl and PHP. */
const HOME = String.raw`(?:(?:pathlib\.)?Path\.home\(\)|(?:require\(["'](?:node:)?os["']\)\.|os\.)?homedir\(\)|process\.env\.HOME\b|os\.environ\[["']HOME["']\]|os\.(?:environ\.get|getenv)\(["']HOME["']\)|ENV\[["']HOME["']\]|ENV\.fetch\(["']HOME["']\)|\$ENV\{HOME\}|getenv\(["']HOME["']\)|Dir\.home\b(?:\(\))?)`;
const HINT = /home|HOME|expanduser|expand_path|join|resolve|Path/;

const HOME_IN_TEXT = new RegExp(String.raw`[$#]?\{\s*${HOME}\s*\}`, "g");
const HOME_ALONE = new RegExp(HOME, "g");
const EXPANDED = new RegExp(
  String.raw`(?:os\.path\.expanduser|expanduser|File\.expand_path|os\.path\.(?:abspath|realpath|normpath)|path\.(?:resolve|normalize))\(\s*${TEXT}\s*\)`,
  "g",
);
/** `Path("a").expanduser()`, `Path("a").joinpath("b")` are turned to what they name. */
const OF_PATH = new RegExp(
  String.raw`Path\(\s*${TEXT}\s*\)(?:\.(?:expanduser|resolve|absolute)\(\)|(?=\s*/\s*["'])|(?=\.joinpath))`,
  "g",
);
const JOINED = new RegExp(
  String.raw`(?<![\w$"'.])(?:(?:(?:os\.)?path|p|require\(["'](?:node:)?path["']\))\.(?:posix\.)?(?:join|resolve)|File\.join|join)\(\s*${TEXT}\s*,\s*${TEXT}\s*([,)])`,
  "g",
);
const SLASHED = new RegExp(String.raw`${TEXT}\s*(?:/|\.joinpath\(|\+)\s*${TEXT}(\))?`, "g");

/**
 * The same code with paths that are built of known parts written out, the home folder as `~`: `Path.home() / "a"`,
 * `os.path.join(os.path.expanduser("~"), "a")`, `path.join(os.homedir(), "a")`. What has an unknown part keeps its known beginning.
 */
export function withPlainPaths(code: string): string {
  if (!HINT.test(code)) return code;
  let text = code.replace(HOME_IN_TEXT, "~").replace(HOME_ALONE, '"~"');
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = text;
    text = text
      .replace(EXPANDED, (_, ...parts: string[]) => quoted(firstOf(parts)))
      .replace(OF_PATH, (_, ...parts: string[]) => quoted(firstOf(parts)))
      .replace(JOINED, (_, ...parts: string[]) => {
        const path = `${firstOf(parts)}/${firstOf(parts.slice(3))}`;
        return parts[6] === "," ? `path.join(${quoted(path)},` : quoted(path);
      })
      .replace(SLASHED, (whole: string, ...parts: string[]) => slashed(whole, parts));
    if (text === before) break;
  }
  return text;
}

function slashed(whole: string, parts: readonly string[]): string {
  const [left, right] = [firstOf(parts), firstOf(parts.slice(3))];
  const isCall = whole.includes(".joinpath(");
  const end = isCall ? "" : (parts[6] ?? "");
  return `${quoted(/["'`]\s*\+\s*[rbfu]?["'`]/.test(whole) ? left + right : `${left}/${right}`)}${end}`;
}

const firstOf = (parts: readonly (string | undefined)[]): string =>
  parts.slice(0, 3).find((part) => part !== undefined) ?? "";

const quoted = (text: string): string => (text.includes('"') ? `'${text}'` : `"${text}"`);
