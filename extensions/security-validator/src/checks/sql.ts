import { rule } from "./check.js";

/** White space and comments, as between the words of a statement. */
const GAP = String.raw`(?:\s|/\*[^*]{0,60}\*/|\+){1,6}`;
const shape = (source: string): RegExp => new RegExp(source.replaceAll("_", GAP), "i");

/** Shapes of SQL that leave a value and go on as a statement. */
export const SQL_RULES = [
  // ' OR '1'='1
  rule(
    "sql",
    "sql-tautology",
    /['"]\)?\s{0,8}(?:\/\*[^*]{0,60}\*\/)?\s{0,8}(?:or|and|\|\||&&)\s{0,8}\(?(?:['"]\w{0,40}['"]|\w{1,40})\s{0,8}(?:=|<|>|\blike\b|\bis\b)\s{0,8}['"]?\w{0,40}/i,
  ),
  // 1 OR 1=1
  rule("sql", "sql-always-true", /\b(?:or|and)\b\s{1,8}\(?(['"]?)(\d{1,10})\1\s{0,8}=\s{0,8}\1\2\b/i),
  rule("sql", "sql-union", shape(String.raw`\bunion_(?:all_)?(?:distinct_)?\(?select\b`)),
  rule(
    "sql",
    "sql-stacked",
    shape(String.raw`;\s{0,8}(?:drop|alter|truncate)_(?:table|database|schema|user|view|index)\b`),
  ),
  rule(
    "sql",
    "sql-stacked",
    shape(
      String.raw`['")\d]\s{0,8};\s{0,8}(?:delete_from|insert_into|update_\w{1,64}_set|exec(?:ute)?_\w|shutdown\b|grant_)`,
    ),
  ),
  rule("sql", "sql-columns", /'\s{1,4}(?:order|group)\s{1,4}by\s{1,4}\d{1,4}\s{0,4}(?:--|#|,)/i),
  // admin'--
  rule("sql", "sql-comment", /'\s{0,4}\)?\s{0,4}(?:--(?=\s|$|\+|-)|\/\*|;\s{0,4}--|#\s{0,4}$)/),
  rule(
    "sql",
    "sql-delay",
    /\b(?:pg_sleep|sleep|benchmark)\s{0,4}\(\s{0,4}\d[^)]{0,80}\)\s{0,4}(?:--|#|'|\)\s{0,4}--)/i,
  ),
  rule(
    "sql",
    "sql-delay",
    /\b(?:and|or|select)(?:\s{1,8}|\s{0,4}\()(?:if\s{0,4}\([^)]{1,60},\s{0,4})?(?:pg_sleep|sleep|benchmark)\s{0,4}\(/i,
  ),
  rule("sql", "sql-delay", /\bwaitfor\s{1,8}delay\s{1,8}'/i),
  rule(
    "sql",
    "sql-system",
    /\bxp_(?:cmdshell|dirtree|regread)\b|\binto\s{1,8}(?:out|dump)file\s{0,8}['"]|\bload_file\s{0,4}\(/i,
  ),
  rule(
    "sql",
    "sql-schema",
    /\bfrom\s{1,8}(?:information_schema\.\w|sysobjects\b|sqlite_master\b|pg_catalog\.\w|all_tables\b)/i,
  ),
];
