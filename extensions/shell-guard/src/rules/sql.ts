const ERASES =
  /^(?:drop\s+(?:database|schema|keyspace|owned|user|role|tablespace|catalog|warehouse|bucket)\b|detach\s+database\b.*\bdrop\b|call\s+\S*dropdatabase)/i;
const EMPTIES =
  /^(?:drop\s+(?:table|view|materialized\s+view|index|column|collection|sequence|type|extension|trigger|function|series|measurement|shard|stream|dictionary|graph|constraint|policy)\b|truncate\s+(?:table\s+)?["`[\w]|alter\s+table\s+(?:if\s+exists\s+|only\s+)*\S+\s+drop\b|delete\s+(?:series|from\s+\S+\s+where\s+(?:true|1\s*=\s*1|1)\s*$))/i;
const DELETE =
  /^(?:explain\s+analy[sz]e\s+)?(?:with\b.*\)\s*)?(?:delete\s+from\s+(?:only\s+)?\S+|update\s+(?:only\s+)?\S+\s+(?:as\s+)?(?:\w+\s+)?set\b)/i;

/** Whether a text of SQL deletes a whole database (`all`), or everything in a table (`rows`). Words in strings and comments do not count. */
export function lossOfSql(text: string): "all" | "rows" | undefined {
  const statements = statementsOf(text);
  if (statements.some((statement) => ERASES.test(statement))) return "all";
  return statements.some(
    (statement) =>
      EMPTIES.test(statement) ||
      (DELETE.test(statement) && !/\bwhere\b|\blimit\b|\bwhere\s+current\b/i.test(statement)),
  )
    ? "rows"
    : undefined;
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
