import { isNumeric, isSecretApart, looksDrawn } from "./assigned-value.js";
import { kindOfName, type NameKind } from "./names.js";
import { isPlaceholder } from "./placeholder.js";
import type { Span } from "./rules/rule.js";
import { isAboutPasswords } from "./typed-password.js";

/** A line of nothing but names and separators, one of which may head a column of secrets. */
const HEADER =
  /^[ \t|>]*["'*`_]{0,2}[A-Za-z_#\u00C0-\u024F\u0370-\u04FF\u3040-\uD7AF][\w\u00C0-\u024F\u0370-\u04FF\u3040-\uD7AF"'*` .,;|\t/+-]{2,600}\r?$/gm;
const PROMISES =
  /pass|pwd|pw\b|token|key|secret|cred|auth|psk|salt|pat\b|w[oö]rt|contrase|mdp|has[lł]o|heslo|woord|senha|парол|kode|senord|salasana|jelsz|ifre|geslo|lozinka|κωδικ|密|パス|비밀/i;
/** A cell of a heading. */
const HEADING =
  /^[A-Za-z_#\u00C0-\u024F\u0370-\u04FF\u3040-\uD7AF][\w\u00C0-\u024F\u0370-\u04FF\u3040-\uD7AF ./#+-]{0,60}$/;
/** A heading for those who log in: beside such a column even one small word is a password. */
const USERS =
  /^(?:user(?:[ _]?(?:name|id))?|login|e?-?mail|account|benutzer(?:name)?|usuario|utilisateur|gebruiker(?:snaam)?|użytkownik|usuário|логин|пользователь|device|host(?:name)?|server)$/i;
/** Lines that only draw: `|---|---|`, `+----+----+`, `====  ====`. */
const RULE_LINE = /^[ \t>]*[|+:=_-][ |+:=_-]*$/;

const SEPARATORS = ["|", "\t", ",", ";", "  "] as const;
type Separator = (typeof SEPARATORS)[number];

/** Rows of one table, and cells of one row, that are looked at. */
const MOST_ROWS = 20_000;
const MOST_CELLS = 200;
/** Headers tried in one text: source code has lines that look like one. */
const MOST_HEADERS = 2_000;
const LONGEST_ROW = 8_192;

interface Cell extends Span {
  readonly text: string;
}

/**
 * Cells below a heading such as `password` or `api_key`: Markdown, psql, the box of mysql, CSV, TSV, and columns that
 * blanks align. The cells have to look drawn at random, because `Token` also heads tables of grammar.
 */
export function findInTables(original: string, entropy: number): Span[] {
  const text = withoutBoxes(original);
  const found: Span[] = [];
  let headers = 0;
  let after = 0;
  for (const match of text.matchAll(HEADER)) {
    if (match.index < after || !PROMISES.test(match[0])) continue;
    headers += 1;
    if (headers > MOST_HEADERS) break;
    const line = match[0];
    const separator =
      SEPARATORS.find((one) => line.trim().includes(one)) ??
      (isRule(text, match.index + line.length + 1) ? "|" : undefined);
    if (separator === undefined) continue;
    // Lines of a list in code end with their comma, or are indented.
    if (line.startsWith("#define")) continue;
    if (/^[,;]$/.test(separator) && /^\s|[,;]\s*$/.test(line)) continue;
    const cells = cellsOf(line, 0, separator);
    if (!cells.every((cell) => cell.text === "" || HEADING.test(cell.text))) continue;
    if (separator === "  " && cells.some((cell) => isSentence(cell.text))) continue;
    const kinds = cells.map((cell) => kindOfHeading(cell.text));
    if (kinds.some((kind) => kind !== undefined))
      after = readRows(
        text,
        match.index + line.length + 1,
        separator,
        kinds,
        isSecretIn(cells, separator, entropy),
        found,
      );
  }
  return found;
}

/** Lists of settings with what each is for look like columns: `proxy_pass   password for the proxy`. */
function isSentence(cell: string): boolean {
  return cell.split(" ").length > 3;
}

/** Lines that are drawn become those of plain tables, each character by one other. */
function withoutBoxes(text: string): string {
  if (!/[│┃║]/.test(text)) return text;
  return text
    .replaceAll(/[│┃║┌┐└┘├┤┬┴┼╭╮╰╯╞╡╪╔╗╚╝╠╣╦╩╬]/g, "|")
    .split("\n")
    .map((line) => (/[─━═]/.test(line) ? line.replaceAll(/[─━═]/g, /[A-Za-z]/.test(line) ? " " : "-") : line))
    .join("\n");
}

function kindOfHeading(cell: string): NameKind | undefined {
  if (cell.length > 40) return undefined;
  const name = cell.replaceAll(/[ /]+/g, "_");
  if (/^enable_secret$/i.test(name)) return "password";
  return /^(?:api_?)?key$/i.test(name) ? "key" : kindOfName(name);
}

/** Reads rows from `at` until one has another number of cells. Returns the place after the last row. */
function readRows(
  text: string,
  at: number,
  separator: Separator,
  kinds: readonly (NameKind | undefined)[],
  isSecret: (cell: string, kind: NameKind) => boolean,
  found: Span[],
): number {
  let start = at;
  for (let rows = 0; rows < MOST_ROWS && start < text.length; rows += 1) {
    const end = lineEnd(text, start);
    if (!isRule(text, start)) {
      if (end - start > LONGEST_ROW) break;
      const cells = cellsOf(text.slice(start, end), start, separator);
      // Empty cells at the end of a row are cut off with its border.
      if (cells.length !== kinds.length && !(separator === "|" && /^[ \t>]*\|/.test(text.slice(start, end))))
        break;
      cells.forEach((cell, index) => {
        const kind = kinds[index];
        if (kind !== undefined && isSecret(cell.text, kind)) found.push(cell);
      });
    }
    start = end + 1;
  }
  return start;
}

/** Judges cells of a table with these headings. */
function isSecretIn(headings: readonly Cell[], separator: Separator, entropy: number) {
  const hasUsers = separator !== "  " && headings.some((heading) => USERS.test(heading.text));
  return (cell: string, kind: NameKind) =>
    isSecretCell(cell, kind, entropy) || (hasUsers && kind === "password" && isChosen(cell));
}

/** Letters and digits that a person may have chosen. */
function isChosen(cell: string): boolean {
  return /^[A-Za-z0-9]{5,32}$/.test(cell) && !isPlaceholder(cell) && !isAboutPasswords(cell);
}

function isSecretCell(cell: string, kind: NameKind, entropy: number): boolean {
  if (/\s/.test(cell)) return false;
  if (kind === "password") return isSecretApart(cell, kind, entropy) || isJumbled(cell) || isNumeric(cell);
  if (/^[A-Za-z]{16,64}$/.test(cell) && CAPITALS_APART.test(cell)) return true;
  return cell.length >= 12 && looksDrawn(cell) && isSecretApart(cell, kind, entropy);
}

/** Two runs of capitals with small letters between them. */
const CAPITALS_APART = /[A-Z]{2}.*[a-z].*[A-Z]{2}/;

/** Capitals in the middle of a run, oftener than names have them. */
function isJumbled(cell: string): boolean {
  return (
    /^[A-Za-z]{10,64}$/.test(cell) &&
    /[a-z][A-Z].*[a-z][A-Z].*[a-z][A-Z]|[A-Z]{2}.*[a-z].*[A-Z]{2}/.test(cell)
  );
}

function isRule(text: string, start: number): boolean {
  return RULE_LINE.test(text.slice(start, Math.min(lineEnd(text, start), start + 1_000)).trimEnd());
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

/** Cells without their blanks and quotes. A quoted cell may hold the separator. */
function cellsOf(line: string, offset: number, separator: Separator): Cell[] {
  const cells: Cell[] = [];
  let from = 0;
  let quoted = false;
  const end = separator === "|" ? line.replace(/[|\s]+$/, "").length : line.trimEnd().length;
  if (separator === "|" || separator === "  ") from = /^[ \t|>]*/.exec(line)?.[0].length ?? 0;
  for (let at = from; at <= end && cells.length < MOST_CELLS; at += 1) {
    if (line[at] === '"' && separator !== "|" && separator !== "  ") quoted = !quoted;
    if (at < end && (quoted || !line.startsWith(separator, at))) continue;
    cells.push(trimmed(line, from, at, offset));
    if (separator === "  ") while (line[at + 1] === " ") at += 1;
    from = at + separator.length - (separator === "  " ? 1 : 0);
  }
  return cells;
}

function trimmed(line: string, from: number, to: number, offset: number): Cell {
  const raw = line.slice(from, to);
  const text = raw.replace(/^[\s"'`*]+/, "").replace(/[\s"'`*]+$/, "");
  const start = offset + from + (raw.length - raw.replace(/^[\s"'`*]+/, "").length);
  return { start, end: start + text.length, text };
}
