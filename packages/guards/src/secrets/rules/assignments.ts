import {
  isAssignedSecret,
  isNamedSecret,
  isSecretByParts,
  isWordedSecret,
  looksDrawn,
} from "../assigned-value.js";
import { isPhrase } from "../phrase.js";
import { isPlaceholder } from "../placeholder.js";
import { isWordy } from "../wordy.js";
import type { Rule } from "./rule.js";

/** Names that promise a secret. Case does not matter. */
const NAME =
  /(?:pass(?:word|wd|phrase|code)|(?<![A-Za-z])pass(?![A-Za-z])|pwd|secret|token|access[_-]?key|auth[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|encrypt[_-]?key|master[_-]?key|account[_-]?key|service[_-]?key|license[_-]?key|shared[_-]?key|session[_-]?key|(?:app|admin|api|write)[_-]?key|webhook[_-]?key|credentials?|connection[_-]?string)/
    .source;

/** Rest of a name after the promising part: `_PROD`, `.primary`. */
const TAIL = "(?<tail>[A-Za-z0-9_.-]{0,24})";

/** From the end of the name to its value: a closing quote, a type, a sign of assignment. */
const ASSIGN =
  /\\?["'`]?\]?\??(?::[ ]?(?:string|str|&str)[ ]?(?==)|[ ]string[ ]?(?==))?[ \t]{0,24}(?:=>|:=|={1,3}|:)[ \t]{0,24}(?:[|>][+-]?[ \t]{0,4}\r?\n[ \t]{1,40})?/
    .source;

/** The value in one of four quotings, or bare. */
const VALUE =
  /(?:\\?"(?<q1>(?:[^"\\\s]|\\[^nrt"\s]){6,512})|\\?'(?<q2>[^'\\\s]{6,512})|`(?<q3>[^`\\\s]{6,512})|(?<bare>[^\s"'`,;<>(){}[\]\\&|]{6,512}))/
    .source;

/** Last words of names that the list above lacks, and what may follow them; the whole name is judged by its parts. */
const ENDING =
  /(?:keys?|pats?|creds?|auth|pw|psk|psw|salt|signing|dsn|role|phrase|conn_?str|jwt|hmac|sas|otp|passwort|kennwort|senha|wachtwoord|contrase[nñ]a|mot_?de_?passe|mdp|has[lł]o|heslo|пароль|парола|adgangskode|l[oö]senord|salasana|jelsz[oó])(?:[_-]?\d{1,2})?(?:[_.-]?(?:prod|production|dev|staging|test|live|old|new|b64|base64|pem|data|value|raw|hex|primary|secondary)){0,2}(?![A-Za-z0-9])/
    .source;

const KEYWORDS = ["pass", "pwd", "secret", "token", "key", "credential", "connection"];

/** Values assigned to a name that promises a secret. The weakest evidence, so these stand last. */
export const ASSIGNMENT_RULES: readonly Rule[] = [
  {
    id: "assigned-secret",
    description: "Value assigned to a name such as password, secret, token or api_key",
    keywords: KEYWORDS,
    pattern: new RegExp(`(?<name>${NAME})${TAIL}${ASSIGN}${VALUE}`, "dgi"),
    entropy: 0,
    check: isAssignedSecret,
    source: "CWE-798 (hard-coded credentials), CWE-532 (secrets in log files)",
  },
  {
    id: "assigned-secret-line",
    description:
      "The same as the only thing on its line (.env, INI, YAML), with any punctuation in the value",
    keywords: KEYWORDS,
    pattern: new RegExp(
      `^[ \\t+>-]{0,24}(?:\\d{1,6}[:\\t-][ \\t]{0,8})?(?:(?:export|set|setx|ENV|ARG|-e|--env)[ ])?[A-Za-z0-9_.]{0,60}(?<name>${NAME})` +
        `${TAIL}["']?[ \\t]{0,24}[:=][ \\t]{0,24}(?<bare>[^\\s"'\`(\\[{<][^\\s]{5,511})[ \\t]*$`,
      "dgim",
    ),
    entropy: 0,
    check: isAssignedSecret,
    source: "CWE-798 (hard-coded credentials), CWE-532 (secrets in log files)",
  },
  {
    id: "named-key",
    description:
      "Value assigned to a name whose last word says key, pat, creds, auth, pw, psk, salt, signing",
    keywords: [
      "key",
      "pat",
      "cred",
      "auth",
      "pw",
      "psk",
      "psw",
      "salt",
      "signing",
      "dsn",
      "role",
      "phrase",
      "conn",
      "jwt",
      "hmac",
      "sas",
      "otp",
      ..."wort senha woord contrase passe mdp hasł haslo heslo парол adgangskode lösenord losenord salasana jelsz".split(
        " ",
      ),
    ],
    pattern: new RegExp(`(?<name>${ENDING})(?<tail>)${ASSIGN}${VALUE}`, "dgi"),
    entropy: 0,
    check: isSecretByParts,
    source: "CWE-798 (hard-coded credentials), CWE-532 (secrets in log files)",
  },
  {
    id: "secret-argument",
    description:
      "Secret given as the next argument: define('DB_PASSWORD', '…'), ConvertTo-SecureString \"…\"",
    keywords: ["define", "putenv", "setenv", "config:set", "securestring", "password", "identified by"],
    pattern: new RegExp(
      `(?:(?:define|put_?env|set_?env|set_?config|SetEnvironmentVariable)\\([ \\t]{0,8}["'][A-Za-z0-9_.]{0,40}(?<name>${NAME}|AUTH_KEY|LOGGED_IN_KEY|NONCE_KEY|_SALT)${TAIL}["'][ \\t]{0,8},[ \\t]{0,40}["']` +
        `|ConvertTo-SecureString[ ]{1,4}(?:-String[ ]{1,4})?["']|\\b(?:IDENTIFIED[ ]BY|PASSWORD)[ ]{1,4}')(?<bare>[^\\s"'\`]{6,512})`,
      "dgi",
    ),
    entropy: 0,
    check: isNamedSecret,
    source:
      "PHP manual: define; PowerShell docs: ConvertTo-SecureString; PostgreSQL and MySQL manuals: CREATE USER",
  },
  {
    id: "passphrase",
    description: "Several words in quotes, given to a name for a password",
    keywords: ["pass", "kennwort", "pwd"],
    pattern:
      /^[ \t]{0,24}(?:-[ ])?(?:(?:export|setx|setenv|ENV|set(?:[ ]--?[a-zA-Z]{1,10}){0,3})[ ]{1,4}|\$env:)?["']?(?<name>[A-Za-z][A-Za-z0-9_]{0,60})(?<tail>)["']?(?:[ ]?=[ ]?|:[ ]|[ ])(?:"(?<q1>[^"\n$`<>:?\\]{8,128})"|'(?<q2>[^'\n<>:?\\]{8,128})')[ \t]*,?[ \t]*$/dgm,
    entropy: 0,
    check: ({ value, match }) => isPhrase(value, match.groups?.["name"] ?? ""),
    source: "CWE-798 (hard-coded credentials)",
  },
  {
    id: "credential-pair",
    description: "User and password side by side: auth=('user', '…'), HTTPBasicAuth(\"user\", \"…\")",
    keywords: ["cred", "auth", "login"],
    pattern:
      /(?:creds?|credentials|auth|login)["']?(?:[ \t]{0,4}[:=][ \t]{0,4}[[(]|\()[ \t]{0,4}["'][^"'\n]{1,64}["'][ \t]{0,4},[ \t]{0,4}["']([^"'\s]{8,256})["'][ \t]{0,4}[,)\]]/dgi,
    entropy: 2,
    check: ({ value }) =>
      !isPlaceholder(value) &&
      (/[A-Z]{2}.*[a-z].*[A-Z]{2}/.test(value) ||
        ((!isWordy(value) || /\d/.test(value)) && looksDrawn(value))),
    source: "Requests docs: Authentication; CWE-798 (hard-coded credentials)",
  },
  {
    id: "secret-in-words",
    description: "Value after a name in a sentence or a table: 'the password is …', 'password    …'",
    keywords: ["pass", "secret", "token", "key"],
    pattern: new RegExp(
      `\\b(?<name>pass(?:word|phrase|code)|pwd|secret|token|api[ _-]?key|access[ _-]?key)(?<tail>)(?:[ ](?:is|was|to)[ ]|[ \\t]{2,40}|[ \\t]?\\|[ \\t]{1,40})["'\`]?(?<bare>[^\\s"'\`,;|<>(){}]{8,256})`,
      "dgi",
    ),
    entropy: 3,
    check: isWordedSecret,
    source: "CWE-532 (secrets in log files)",
  },
  {
    id: "secret-option",
    description: "Value of a command-line option such as --password",
    keywords: ["--"],
    pattern: new RegExp(
      `--[a-z-]{0,24}(?<name>${NAME})(?<tail>)(?:[ ]{1,2}|=|",[ ]?")["']?(?<bare>[^\\s"'\`<>\\[$][^\\s"'\`]{5,511})`,
      "dgi",
    ),
    entropy: 0,
    check: isAssignedSecret,
    source: "CWE-214 (secrets in process invocations)",
  },
  {
    id: "named-value",
    description: "Pair of a name and a value (Kubernetes env, ECS task definitions, CI variables)",
    keywords: ["value"],
    pattern: new RegExp(
      `["']?(?:name|key)["']?[ ]{0,4}[:=][ ]{0,4}["']?[A-Za-z0-9_.-]{0,60}(?<name>${NAME})${TAIL}["']?,?` +
        `\\s{1,40}["']?value["']?[ ]{0,4}[:=][ ]{0,4}["']?(?<bare>[^\\s"'\`<>{}$][^\\s"'\`]{5,511})`,
      "dgi",
    ),
    entropy: 0,
    check: isNamedSecret,
    source:
      "Kubernetes docs: Define environment variables for a container; Amazon ECS task definition parameters",
  },
];
