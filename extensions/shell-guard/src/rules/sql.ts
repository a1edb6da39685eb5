const ERASES =
  /^(?:drop\s+(?:database|schema|keyspace|owned|user|role|tablespace|catalog|warehouse|bucket)\b|detach\s+database\b.*\bdrop\b|call\s+\S*dropdatabase)/i;
const EMPTIES =
  /^(?:drop\s+(?:table|view|materialized\s+view|index|column|collection|sequence|type|extension|trigger|function|series|measurement|shard|stream|dictionary|graph|constraint|policy)\b|truncate\s+(?:table\s+)?["`[\w]|alter\s+table\s+(?:if\s+exists\s+|only\s+)*\S+\s+drop\b|delete\s+(?:series|from\s+\S+\s+where\s+(?:true|1\s*=\s*1|1)\s*$))/i;
const DELETE =
  /^(?:explain\s+analy[sz]e\s+)?(?:with\b.*\)\s*)?(?:delete\s+from\s+(?:only\s+)?\S+|update\s+(?:only\s+)?\S+\s+(?:as\s+)?(?:\w+\s+)?set\b)/i;

/** Whether a text of SQL deletes a whole database (`all`), or everything in a table (`rows`). Words in strings and comments do not count. */
export function lossOfSql(text: string): "all" | "rows" | undefined {
  const statements = [text, ...executedIn(text)].flatMap(statementsOf);
  if (statements.some((statement) => ERASES.test(statement))) return "all";
  return statements.some(
    (statement) =>
      EMPTIES.test(statement) ||
      (DELETE.test(statement) && !/\bwhere\b|\blimit\b|\bwhere\s+current\b/i.test(statement)),
  )
    ? "rows"
    : undefined;
}

const DOLLARS = String.raw`\$(?<tag>\w{0,20})\$(?<body>.{0,10000}?)\$\k<tag>\$`;
const DO_BLOCK = new RegExp(String.raw`\bdo\s+(?:language\s+\w+\s+)?${DOLLARS}`, "gis");
const EXECUTED = new RegExp(
  String.raw`\b(?:execute(?:\s+immediate)?|exec|sp_executesql|prepare\s+\w+\s+from|perform)\s*\(?\s*(?:format\s*\(\s*)?(?:N?'(?<quoted>(?:[^']|''){0,10000})'|${DOLLARS})`,
  "gis",
);
const MAX_EXECUTED = 32;

/** Texts within SQL that run as SQL: bodies of `DO`, and what `EXECUTE`, `exec` and `PREPARE` are given. */
function executedIn(text: string): string[] {
  const whole = text.slice(0, 20_000);
  if (!/\b(?:do|exec\w*|sp_executesql|prepare)\b/i.test(whole)) return [];
  const found: string[] = [];
  for (const { groups } of whole.matchAll(DO_BLOCK))
    if (
      found.push((groups?.["body"] ?? "").replace(/\b(?:begin|declare|then|else|loop)\b/gi, ";")) ===
      MAX_EXECUTED
    )
      break;
  for (const { groups } of whole.matchAll(EXECUTED))
    if (found.push(groups?.["quoted"]?.replaceAll("''", "'") ?? groups?.["body"] ?? "") >= 2 * MAX_EXECUTED)
      break;
  return found;
}

/** The statements of SQL without their strings and comments, each on one line. */
function statementsOf(text: string): string[] {
  return text
    .slice(0, 20_000)
    .replace(/'(?:[^'\\]|''|\\.)*'|"[^";]*;[^"]*"|--[^\n]*|#\s[^\n]*|\/\*.*?(?:\*\/|$)/gs, (part) =>
      part.startsWith("'") || part.startsWith('"') ? "''" : " ",
    )
    .split(/;|\\g\b|\n\s*go\s*\n/i)
    .map((statement) => statement.replace(/\s+/g, " ").trim());
}

const JS_ERASES = /\bdropDatabase\s*\(|\bflush(?:all|db)\b/i;
const JS_EMPTIES =
  /\.(?:drop|dropIndexes|dropUser|dropAllUsers)\s*\(\s*\)|\.(?:deleteMany|remove|deleteOne|findAndRemove)\s*\(\s*(?:\{\s*\})?\s*[,)]|\.updateMany\s*\(\s*\{\s*\}/;

/** The same for the JavaScript that MongoDB's shell takes. */
export function lossOfMongo(text: string): "all" | "rows" | undefined {
  const code = text.slice(0, 20_000).replace(/"[^"\n]*"|'[^'\n]*'|\/\/[^\n]*|\/\*.*?(?:\*\/|$)/gs, "''");
  if (JS_ERASES.test(code)) return "all";
  return JS_EMPTIES.test(code) ? "rows" : undefined;
}
