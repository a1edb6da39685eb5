import { readArgs } from "../args.js";
import type { Invocation } from "../model.js";
import { line, type Rule } from "./rule.js";

const CLIENTS =
  /^(?:psql|mysql|mariadb|sqlite3|sqlcmd|cockroach|clickhouse-client|clickhouse|mongosh|mongo|redis-cli|cqlsh|duckdb|pgcli|mycli|usql|snowsql|bq|influx|valkey-cli|keydb-cli)$/;

/** What a database client is told: its arguments and what is piped or fed into it. */
const statements = (invocation: Invocation): string =>
  `${line(invocation)}\n${invocation.input.text}`.slice(0, 20_000).replace(/\s+/g, " ");

const ERASE =
  /\bdrop\s+(?:database|schema|keyspace|owned|user|role)\b|\bflush(?:all|db)\b|\bdropDatabase\s*\(|\bdropdatabase\b/i;
const EMPTIED =
  /\bdrop\s+(?:table|view|materialized view|index|column|collection)\b|\btruncate\s+(?:table\s+)?\w|\balter\s+table\s+\S+\s+drop\b|\.(?:drop|deleteMany|remove)\s*\(\s*(?:\{\s*\})?\s*\)/i;
const NO_WHERE = /\b(?:delete\s+from\s+[\w."`]+|update\s+[\w."`]+\s+set\b(?:(?!\bwhere\b)[^;])*)\s*(?:;|$)/i;

const RESETS =
  /^(?:(?:bin\/)?(?:rails|rake)\b.*\bdb:(?:drop|reset|purge|schema:load|setup)|prisma (?:migrate reset|db push .*--force-reset|db push .*--accept-data-loss)|php artisan (?:migrate:(?:fresh|reset|refresh)|db:wipe)|artisan (?:migrate:fresh|db:wipe)|python[\d.]* (?:\S*\/)?manage\.py (?:flush|reset_db|sqlflush)|supabase db reset|sequelize db:drop|sequelize-cli db:drop|mix ecto\.(?:drop|reset)|drizzle-kit drop|knex migrate:rollback --all|alembic downgrade base|flyway clean|liquibase drop-?all|doctrine:database:drop|typeorm schema:drop|pg_restore .*(?:--clean|-c)\b|curl .*-X ?DELETE .*:9200|curl .*:9200.*-X ?DELETE)/i;

export const DATA: readonly Rule[] = [
  {
    id: "database-drop",
    severity: "block",
    about: "`DROP DATABASE`, `DROP SCHEMA`, `dropdb`, `FLUSHALL`, `dropDatabase()`",
    remedy: "Make a dump first and let the user drop it.",
    match(invocation) {
      const { name } = invocation;
      if (name === "dropdb" || name === "dropuser") return "it deletes a whole database";
      if (name === "mysqladmin" && /\bdrop\b/.test(line(invocation))) return "it deletes a whole database";
      return CLIENTS.test(name) && ERASE.test(statements(invocation))
        ? "it deletes a whole database"
        : undefined;
    },
  },
  {
    id: "database-rows",
    severity: "confirm",
    about: "`DROP TABLE`, `TRUNCATE`, `DELETE` or `UPDATE` without `WHERE`, resets by migration tools",
    remedy: "Limit it with WHERE, run it inside a transaction, or make a dump first.",
    match(invocation) {
      const { name } = invocation;
      if (CLIENTS.test(name)) {
        const text = statements(invocation);
        return EMPTIED.test(text) || NO_WHERE.test(text)
          ? "it removes or changes all rows of a table"
          : undefined;
      }
      return RESETS.test(`${name} ${line(invocation)}`) ? "it resets the data of a database" : undefined;
    },
  },
  {
    id: "publish",
    severity: "confirm",
    about: "publishing or withdrawing a package",
    remedy: "Try `--dry-run`, and let the user publish.",
    match(invocation) {
      const text = `${invocation.name} ${line(invocation)}`;
      if (/--dry-run\b|--help\b/.test(text) || /\brun\b/.test(text.split(" ")[1] ?? "")) return undefined;
      return /^(?:(?:npm|pnpm|bun|yarn)(?: -\S+(?: [^-\s]\S*)?)*? (?:npm )?(?:publish|unpublish|deprecate)\b|cargo (?:publish|yank)|twine upload|python[\d.]* -m twine upload|(?:poetry|uv|flit|hatch|maturin|pdm) publish|gem (?:push|yank)|mvn .*\bdeploy\b|(?:\.?\/?gradlew?) .*\bpublish|(?:dotnet )?nuget push|vsce publish|ovsx publish|lerna publish|changeset publish|goreleaser release|semantic-release|mix hex\.publish|pod trunk push|dart pub publish|flutter pub publish|jsr publish|np\b|release-it\b|gh release create|helm push|docker push)/.test(
        text,
      )
        ? "a published version is public and cannot be taken back"
        : undefined;
    },
  },
  {
    id: "global-install",
    severity: "confirm",
    about: "installing for the whole machine: `npm install -g`, `pip --break-system-packages`",
    remedy: "Install it as a dependency of the project, or run it with npx, pnpm dlx, uvx or pipx.",
    match({ name, args }) {
      const parsed = readArgs(args);
      const verb = parsed.operands[0]?.text ?? "";
      const global =
        parsed.flags.has("-g") ||
        parsed.flags.has("--global") ||
        parsed.values.get("--location")?.text === "global";
      const installs = /^(?:i|in|install|add|update|uninstall|remove|rm|un)$/.test(verb);
      if (/^(?:npm|pnpm|bun)$/.test(name) && installs && global)
        return "it changes the tools of the whole machine";
      if (name === "yarn" && verb === "global" && /^(?:add|remove)$/.test(parsed.operands[1]?.text ?? ""))
        return "it changes the tools of the whole machine";
      return /^pip[\d.]*$/.test(name) && parsed.flags.has("--break-system-packages")
        ? "it overrides the packages of the system"
        : undefined;
    },
  },
  {
    id: "secret-upload",
    severity: "confirm",
    about: "sending keys or credentials over the network",
    remedy: "Send only what is needed, never a key file.",
    match(invocation) {
      if (!/^(?:curl|wget|nc|ncat|scp|rsync|http|https|ftp|sftp)$/.test(invocation.name)) return undefined;
      const text = line(invocation).replace(/(?:^|\s)-i \S+/, "");
      const secret =
        /(?:\.ssh\/id_(?!\w+\.pub)\w+|\.aws\/credentials|\.netrc|\.npmrc|\.kube\/config|\.docker\/config\.json|\.gnupg|\/etc\/shadow|(?:^|[@\s/=])\.env(?:\.\w+)?(?:\s|$)|wallet\.dat)/;
      const sends =
        /^(?:scp|rsync|nc|ncat)$/.test(invocation.name) ||
        /(?:-d|--data\S*|-F|--form|-T|--upload-file|--post-file)[ =]?\S*/.test(text);
      return sends && secret.test(text) ? "it sends a secret to another machine" : undefined;
    },
  },
];
