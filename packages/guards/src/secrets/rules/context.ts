import { isBasicCredential, isCookieSecret, isHeaderSecret, isUrlPassword } from "../check-token.js";
import { isPlaceholder } from "../placeholder.js";
import { isPasswordOfLetters } from "../typed-password.js";
import { isWordy } from "../wordy.js";
import type { Candidate, Rule } from "./rule.js";

const isTyped = ({ value }: Candidate) => !isPlaceholder(value);
const isOpaque = ({ value }: Candidate) => !isPlaceholder(value) && !isWordy(value);

/** Secrets that only their surroundings give away: headers, URLs, command lines, credential files. */
export const CONTEXT_RULES: readonly Rule[] = [
  {
    id: "url-password",
    description: "Password in a URL or connection string (scheme://user:password@host)",
    keywords: ["://"],
    pattern:
      /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#@"'<>`()[\]{}]{0,80}:([^\s/"'<>`]{1,256})@(?=[A-Za-z0-9[$%_-])/dgi,
    entropy: 0,
    check: isUrlPassword,
    source: "RFC 3986 section 3.2.1 (user information)",
  },
  {
    id: "database-url-password",
    description: "Password in the URL of a database, queue or directory, with any punctuation",
    keywords: [
      "postgres",
      "mysql",
      "mariadb",
      "mongodb",
      "redis",
      "amqp",
      "sqlserver",
      "mssql",
      "ldap",
      "smtp",
      "imap",
      "ftp",
      "clickhouse",
      "nats",
      "mqtt",
    ],
    pattern:
      /(?:postgres(?:ql)?(?:\+\w{1,12})?|mysql(?:\+\w{1,12})?|mariadb|mongodb(?:\+srv)?|rediss?|valkey|amqps?|mssql|sqlserver|ldaps?|smtps?|imaps?|s?ftps?|clickhouse|nats|mqtts?):\/\/[^\s:/?#@"'<>`]{0,80}:([^\s"'<>`]{1,256})@(?=[A-Za-z0-9[_-])/dgi,
    entropy: 0,
    check: isUrlPassword,
    source: "PostgreSQL, MongoDB and AMQP docs: connection URIs",
  },
  {
    id: "url-password-with-slash",
    description: "Password in a URL that holds a slash: what follows the colon is no port",
    keywords: ["://"],
    pattern:
      /:\/\/[^\s:/?#@"'<>`()[\]{}]{1,80}:((?!\d{1,5}\/)[^\s"'<>`/@]{1,64}\/[^\s"'<>`@]{0,128})@(?=[A-Za-z0-9[])/dg,
    entropy: 2.5,
    check: (candidate) =>
      /\d/.test(candidate.value) &&
      /[A-Za-z]/.test(candidate.value) &&
      !/^(?:[Pp]ort|[A-Z_]+)\//.test(candidate.value) &&
      isUrlPassword(candidate),
    source: "RFC 3986 section 3.2.1 (user information)",
  },
  {
    id: "connection-string-password",
    description: "Password in a connection string of pairs: Server=…;User Id=…;Password=…;",
    keywords: ["password", "pwd"],
    pattern: /(?:^|[;"'])[ ]?(?:Password|Pwd)[ ]?=[ ]?([^\s;"'<>()]{4,128})(?=[;"']|$)/dgim,
    entropy: 1,
    check: ({ value, text, start, end }) =>
      !isPlaceholder(value) &&
      /(?:^|[;"' ])(?:server|data source|host|addr(?:ess)?|user(?: ?id|name)?|uid|database|initial catalog|endpoint)[ ]?=[^;\n]{1,200};/i.test(
        text.slice(Math.max(0, start - 200), end + 200),
      ),
    source: "Microsoft docs: SqlConnection.ConnectionString; Npgsql docs: Connection string parameters",
  },
  {
    id: "azure-storage-account-key",
    description: "Key of an Azure storage account behind a name that says so",
    keywords: ["storagekey", "storage_key", "storage-key", "storage_account_key", "storageaccountkey"],
    pattern:
      /storage[_-]?(?:account[_-]?)?key\\?["']?[ \t]{0,8}[:=][ \t]{0,8}\\?["']?([A-Za-z0-9+/]{86}==)/dgi,
    source: "Microsoft docs: Manage storage account access keys",
  },
  {
    id: "dsn-password",
    description: "Password in a connection string without a scheme: Go's MySQL form, a .pgpass line",
    keywords: ["@tcp(", "@unix(", ":5432:", ":5433:", ":6432:"],
    pattern:
      /(?:(?<![A-Za-z0-9_.-])[A-Za-z0-9_.-]{1,64}:([^\s/"'<>`@:]{1,256})@(?:tcp|unix)\(|:(?:543\d|6432):[^\s:]{1,64}:[^\s:]{1,64}:([^\s:]{4,256})$)/dgm,
    entropy: 0,
    check: isUrlPassword,
    source: "go-sql-driver/mysql README: DSN; PostgreSQL manual: The password file",
  },
  {
    id: "url-token",
    description: "Token in the place of the user name of a URL",
    keywords: ["://"],
    pattern: /:\/\/([A-Za-z0-9_.~-]{20,256})(?::x-oauth-basic|:)?@(?=[A-Za-z0-9])/dg,
    entropy: 3.2,
    check: isOpaque,
    source: "RFC 3986 section 3.2.1; Git documentation: gitcredentials",
  },
  {
    id: "basic-auth",
    description: "Credentials of HTTP basic authentication",
    keywords: ["basic"],
    pattern: /\bbasic[ \t]{1,4}([A-Za-z0-9+/_-]{8,}={0,2})/dgi,
    entropy: 2,
    check: isBasicCredential,
    source: "RFC 7617",
  },
  {
    id: "bearer-token",
    description: "Token after the word Bearer",
    keywords: ["bearer"],
    pattern: /\bbearer(?:[ \t]{1,4}|%20)([A-Za-z0-9._~+/=-]{16,})/dgi,
    entropy: 3,
    check: isHeaderSecret,
    source: "RFC 6750",
  },
  {
    id: "authorization-header",
    description: "Value of an Authorization or API key header",
    keywords: ["authorization", "-key", "-token", "-secret", "x-auth"],
    pattern:
      /(?:authorization|x-[a-z0-9-]{0,30}(?:key|token|secret|auth))\\?["']?[ \t]{0,3}[:=][ \t]{0,3}\\?["']?(?:(?:token|apikey|api-key|key|splunk|ssws|bot|client-id|genie-key)[ \t=]{1,3})?([A-Za-z0-9._~+/=:-]{8,})/dgi,
    entropy: 3,
    check: isHeaderSecret,
    source: "RFC 9110 section 11.6.2 (Authorization)",
  },
  {
    id: "cookie",
    description: "Cookies of a request or response header",
    keywords: ["cookie"],
    pattern: /\bcookie\\?["']?[ \t]{0,3}[:=][ \t]{0,3}\\?["']?([A-Za-z0-9_.%-]{1,64}=[^\r\n"'\\]{8,4096})/dgi,
    entropy: 0,
    check: isCookieSecret,
    source: "RFC 6265 sections 4.1 and 4.2",
  },
  {
    id: "command-line-password",
    description: "Credentials given to curl, wget, sshpass, mysql and the like on the command line",
    keywords: ["curl", "--user", "sshpass", "mysql", "redis-cli", "docker login"],
    pattern:
      /(?:(?:\bcurl\b[^\n|;]{0,200}?[ ]-u[ ]?|--user[ =])["']?[^\s:"'$()\\]{1,64}:|\bsshpass[ ]+-p[ ]*["']?|\bmysql(?:dump|admin|import)?[ ][^\n|;]{0,120}?-p(?=[^\s"'])["']?|\bredis-cli[ ][^\n|;]{0,120}?-a[ ]+["']?|\bdocker login[ ][^\n|;]{0,120}?-p[ ]+["']?)([^\s"'|;]{6,128})/dg,
    entropy: 2,
    check: ({ value }) => !isPlaceholder(value) && !/^\d+$|^-|^(?:assw|rotocol|ort)|>$/.test(value),
    source: "Manual pages of curl, sshpass, mysql, redis-cli, docker login",
  },
  {
    id: "netrc-password",
    description: "Password in a .netrc file",
    keywords: ["machine"],
    pattern: /\bmachine\s{1,8}\S{1,200}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(\S{4,256})/dg,
    entropy: 0,
    check: isTyped,
    source: "GNU inetutils manual: The .netrc file",
  },
  {
    id: "registry-auth",
    description: "Credentials in a Docker, npm or Composer configuration file",
    keywords: ["auth", "_password"],
    pattern:
      /(?:"(?:auth|identitytoken|registrytoken)"\s{0,4}:\s{0,4}"([A-Za-z0-9+/=._-]{12,})"|(?:_authToken|_auth|_password)[ \t]{0,3}=[ \t]{0,3}"?([A-Za-z0-9+/=._-]{10,}))/dg,
    entropy: 2.8,
    // A call follows: this is code that fetches the value.
    check: (candidate) => isOpaque(candidate) && candidate.text[candidate.end] !== "(",
    source: "Docker CLI docs: Configuration files; npm docs: npmrc",
  },
  {
    id: "password-element",
    description: "Password in an XML element",
    keywords: ["password>", "passphrase>", "secret>", "token>", "key>"],
    pattern: /<[A-Za-z0-9:_.-]{0,40}(?:password|passphrase|secret|token|api_?key)>([^<>\s]{6,256})<\//dgi,
    entropy: 1.5,
    // A password may be a word; a name or a call it is not.
    check: (candidate) =>
      isOpaque(candidate) ||
      (/pass\w+>/i.test(candidate.match[0]) &&
        (/^[a-z0-9]{6,16}$/.test(candidate.value) || isPasswordOfLetters(candidate.value)) &&
        isTyped(candidate)),
    source: "Maven docs: Settings reference (servers); NuGet docs: nuget.config",
  },
  {
    id: "wireguard-key",
    description: "WireGuard private or preshared key",
    keywords: ["privatekey", "presharedkey"],
    pattern: /(?:Private|Preshared)Key[ \t]{0,8}=[ \t]{0,8}([A-Za-z0-9+/]{43}=)/dg,
    source: "wg(8) manual page",
  },
  {
    id: "vault-legacy-token",
    description: "HashiCorp Vault token of a version before 1.10",
    keywords: ["vault"],
    pattern:
      /vault[A-Za-z0-9_. -]{0,20}["']?[ \t]{0,8}[:=][ \t]{0,8}["']?([sb]\.[A-Za-z0-9]{24})(?![A-Za-z0-9])/dgi,
    source: "Vault docs: Tokens, token prefixes",
  },
];
