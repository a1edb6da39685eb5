import { readArgs, texts } from "../args.js";
import type { Invocation } from "../model.js";
import { ALL_KEYS, DUMP, isDump } from "../sources.js";
import type { Rule } from "./rule.js";
import { lossOfMongo, lossOfSql } from "./sql.js";
import { BACKUPS, RESETS, RESTORES } from "./tables/databases.js";
import { isTrial, lossIn, tableRule } from "./words.js";

const SQL_CLIENTS =
  /^(?:psql|pgcli|mysql|mariadb|mycli|sqlite3?|litecli|sqlcmd|sqlplus|cockroach|clickhouse(?:-client|-local)?|cqlsh|duckdb|usql|snowsql|bq|influx|trino|presto|beeline|impala-shell|spark-sql|hive|isql|isql-fb|osql|mclient|vsql|nzsql|db2|surreal|rqlite|tdsql|libsql|turso|wrangler|wp|heroku|prisma|typeorm|doctrine|drush|dbaccess|questdb|questdb-cli)$/;
const REDIS = /^(?:redis|valkey|keydb)-cli$/;
const MONGO = /^(?:mongo|mongosh)$/;

/** What a database client is told: each of its words, and what is piped or fed into it. */
function lossOf(invocation: Invocation): "all" | "rows" | undefined {
  const { name, args, input } = invocation;
  if (REDIS.test(name)) return lossOfRedis(invocation);
  const isDjango = /^(?:manage\.py|django-admin)$/.test(name) && args[0]?.text === "dbshell";
  const look = isDjango || SQL_CLIENTS.test(name) ? lossOfSql : MONGO.test(name) ? lossOfMongo : undefined;
  if (!look) return undefined;
  const words = texts(args).map((word) => word.replace(/^(?:--[\w-]+=|-[ceqQ](?=[A-Za-z]{4}))/, ""));
  const found = [...words, input.text].map(look);
  return found.includes("all") ? "all" : found.find((loss) => loss !== undefined);
}

function lossOfRedis({ args, input }: Invocation): "all" | "rows" | undefined {
  const { operands } = readArgs(args, ["-h", "-p", "-n", "-a", "-u", "-s", "-r", "-i", "-t", "-D", "-d"]);
  const [command, first] = operands;
  const lines = input.text.split("\n").map((text) => text.trim().split(/\s+/)[0] ?? "");
  if ([command?.text ?? "", ...lines].some((word) => /^flush(?:all|db)$/i.test(word))) return "all";
  if (/^eval$/i.test(command?.text ?? "") && /flush(?:all|db)/i.test(first?.text ?? "")) return "all";
  if (!/^(?:del|unlink)$/i.test(command?.text ?? "")) return undefined;
  const listed = operands
    .slice(1)
    .some(
      (key) => [key, input].some(({ sources }) => sources?.includes(ALL_KEYS)) || key.text.endsWith("$item"),
    );
  return listed ? "rows" : undefined;
}

/** Calls of ORMs that take all rows. With a condition in the same statement they are as narrow as it is. */
const ALL_ROWS =
  /\b(?:destroy_all|delete_all|drop_all|drop_database|dropDatabase|drop_table|dropTable|dropSchema|truncate_all|truncate_tables|dropAllTables|_raw_delete|dropAllUsers)\b|(?:\.|::|->)(?:objects|query(?:\(\))?|all(?:\(\))?)(?:\.|->)(?:all\(\)(?:\.|->)|(?:exclude|filter)\([^()]{0,200}\)(?:\.|->))*delete\(|::truncate\(|\.(?:all\.)?(?:find_)?each\s*\(?&:(?:destroy|delete)!?|->truncate\(|\bflush(?:all|db)\b|\.deleteMany\(\s*(?:\{\s*\})?\s*\)|\bsync\(\s*\{\s*force:\s*true|synchronize\(\s*true\s*\)|\bdelete\(\)\.execute\(|\bexecute\(?\s*["'(]\s*(?:drop|truncate)\s/i;
/** A condition that leaves out some, or that most records fulfil. */
const BROAD =
  /\bexclude\s*\(|\bwhere\.not\b|\bwhereNot\b|\b(?:where|filter)\s*\(\s*:?\w+\s*(?:=>|[:=])\s*(?:true|false|nil|None)\s*\)/i;
const NARROWED = /\bwhere|\bfilter\b|\bfind_by|\bexclude\b|\blimit\b|\bwhereIn\b/i;

/** Code that a framework's console or an interpreter is given. */
function codeOf({ name, args, input }: Invocation): string | undefined {
  const words = texts(args);
  const [verb = ""] = words;
  if (/^(?:rails|bundle)$/.test(name) && /^(?:runner|r|console|c)$/.test(verb))
    return words.slice(1).join(" ") + input.text;
  if (/^(?:python|pypy)[\d.]*$|^(?:manage\.py|django-admin|flask|php|artisan|sail|mix|iex)$/.test(name))
    return words.join(" ") + input.text;
  return /^(?:node|bun|deno|tsx|ruby|php)$/.test(name) ? words.join(" ") : undefined;
}

function lossOfCode(invocation: Invocation): boolean {
  const code = codeOf(invocation)?.slice(0, 20_000);
  return (
    code !== undefined &&
    code.split(/[;\n]/).some((part) => ALL_ROWS.test(part) && (BROAD.test(part) || !NARROWED.test(part)))
  );
}

/** A word that names the database which customers use. */
const LIVE = /(?:^|[^a-z])(?:prod|production|live)(?:[^a-z]|$)/i;
const FROM_FILE = /^(?:-f|--file(?:=.*)?|-f.+|\\i .*|\.read .*|source .*)$/s;

/** A host with a dot in its name that is not this machine: neither a service of a container nor a socket. */
const ELSEWHERE =
  /^(?:\w+:\/\/(?:[^@/\s]*@)?|-h|--host=)?(?!127\.|0\.0\.0\.0)(?=[\w-]*[a-z0-9])[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/.*)?$/i;

function isElsewhere(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const isHost = /^(?:-h\S|--host=|\w+:\/\/)/.test(word) || /^(?:-h|--host)$/.test(words[index - 1] ?? "");
    return isHost && ELSEWHERE.test(word);
  });
}

/** A file or another database is read into the one of production or of another machine, whatever the text holds. */
function restoresLive({ name, args, input }: Invocation): boolean {
  const words = texts(args);
  if (!/^(?:psql|mysql|mariadb|sqlite3|pg_restore|mongorestore|clickhouse-client)$/.test(name)) return false;
  const isFed = (input.sources ?? []).some((source) => source === DUMP || isDump(source));
  const isDumpNamed = words.some((word) =>
    /dump|backup|\.bak\b|\.dump\b/i.test(word.split("/").at(-1) ?? ""),
  );
  const isTold = words.some((word) => FROM_FILE.test(word)) || name.endsWith("restore");
  if ((isFed || (isTold && isDumpNamed)) && !words.includes("-l") && isElsewhere(words)) return true;
  if (!isTold && !isFed) return false;
  const named = words.filter(
    (word, index) => !/\.(?:sql|dump|gz|bak)\b/.test(word) && words[index - 1] !== "-f",
  );
  return named.some((word) => LIVE.test(word));
}

const restores = lossIn(RESTORES);
const reset = lossIn(RESETS);
const SEARCH = /^https?:\/\/[^/]+:9200\/|^[^/]+:9200\//;

export const DATA: readonly Rule[] = [
  {
    id: "database-drop",
    severity: "block",
    about: "`DROP DATABASE`, `DROP SCHEMA`, `dropdb`, `FLUSHALL`, `dropDatabase()`",
    remedy: "Make a dump first and let the user drop it.",
    match(invocation) {
      const { name, args } = invocation;
      if (isTrial(args)) return undefined;
      const drops =
        /^(?:dropdb|dropuser)$/.test(name) || (name === "mysqladmin" && texts(args).includes("drop"));
      return drops || lossOf(invocation) === "all" ? "it deletes a whole database" : undefined;
    },
  },
  {
    id: "database-rows",
    severity: "confirm",
    about:
      "`DROP TABLE`, `TRUNCATE`, `DELETE` or `UPDATE` without `WHERE`, resets by migration tools and ORMs",
    remedy: "Limit it with a condition, run it inside a transaction, or make a dump first.",
    match(invocation) {
      if (isTrial(invocation.args)) return undefined;
      if (lossOf(invocation) === "rows") return "it removes or changes all rows of a table";
      const index =
        invocation.name === "curl" &&
        /^DELETE$/i.test(readArgs(invocation.args, ["-X"]).values.get("-X")?.text ?? "") &&
        texts(invocation.args).some((word) => SEARCH.test(word));
      if (index) return "it deletes an index with its documents";
      return reset(invocation) ?? (lossOfCode(invocation) ? "it removes all records of a kind" : undefined);
    },
  },
  {
    id: "database-replace",
    severity: "confirm",
    about:
      "reading a dump back over what is there: `mongorestore --drop`, `pg_restore --clean`, any dump into production",
    remedy: "Restore into a new database, or make a dump of this one first.",
    match(invocation) {
      if (isTrial(invocation.args)) return undefined;
      return (
        restores(invocation) ?? (restoresLive(invocation) ? "it reads a dump into production" : undefined)
      );
    },
  },
  tableRule(
    {
      id: "backup-delete",
      severity: "confirm",
      about: "deleting backups, snapshots and volumes: borg, restic, zfs, btrfs, LVM, virtual machines",
      remedy: "List what would go, with `--dry-run` where there is one, and let the user decide.",
    },
    BACKUPS,
  ),
];
