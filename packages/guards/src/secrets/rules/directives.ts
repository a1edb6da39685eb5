import { looksDrawn } from "../assigned-value.js";
import { kindOfName } from "../names.js";
import { isPlaceholder } from "../placeholder.js";
import { isTypedPassword } from "../typed-password.js";
import { isUnspeakable, isWordy } from "../wordy.js";
import type { Rule } from "./rule.js";
import { type Place, scanPlaces } from "./scan-rows.js";

/** A line of a map of Postfix for a host without brackets. */
const MAIL_HOST = /^[\w-]+(?:\.[\w-]+)+:(?:465|587|2525)[ \t]+[^\s:]{1,128}:(\S{4,256})[ \t]*$/dgm;
/** The same for a host in brackets. */
const MAIL_BRACKETS =
  /^\[[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}\](?::\d{1,5}|:[a-z]{2,12})?[ \t]+[^\s:]{1,128}:(\S{4,256})[ \t]*$/dgm;
/** A line of chap-secrets: client, server, secret, addresses. */
const CHAP =
  /^[^\s#*]{1,64}[ \t]+[^\s]{1,64}[ \t]+["']?((?=[^\s"']*\d)[A-Za-z0-9!#$%&+_.-]{8,128})["']?[ \t]+\*[ \t]*$/dgm;

/** Before a line that `grep`, `cat -n` or `diff` prints. */
const LEAD =
  /^(?:[^\s:]{1,200}:(?:\d{1,6}:)?|[^\s:]{1,200}-\d{1,6}-|[ \t]{0,8}\d{1,6}[:\t-]|[<>][ ]|[+-])?[ \t]*/
    .source;

/** A line of a file with its own format, wherever it was printed. */
const line = (word: string, rest: RegExp): Place => [
  word,
  new RegExp(`${LEAD}${rest.source}`, [...new Set(`${rest.flags}dgm`)].join("")),
];

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.source;

/** Configuration files whose format says where a password stands, without a name that promises one. */
const DIRECTIVES: readonly Place[] = [
  line("requirepass", /requirepass[ \t]+["']?([^\s"'#]{4,256})/dgm),
  line("masterauth", /masterauth[ \t]+["']?([^\s"'#]{4,256})/dgm),
  line("user ", /user[ \t]+\S{1,64}[ \t]+(?:on|off)\b[^\n]{0,200}?[ \t]>([^\s]{4,256})/dgm),
  line("bindpw", /(?:bindpw|rootbindpw)[ \t]+["']?([^\s"'#]{4,256})/dgm),
  line("rootpw", /(?:olcRootPW:|rootpw(?:[ \t]+--[a-z]+)*)[ \t]+["']?([^\s"'#]{4,256})/dgm),
  line("userPassword", /userPassword::?[ \t]*([^\s"']{6,512})/dgm),
  line("community", /(?:snmp-server[ \t]+community|r[ow]community6?|trapcommunity)[ \t]+([^\s]{5,64})/dgm),
  ["psk", /\b(?:psk|wpa_passphrase|sae_password)=["']?([^"'\n]{8,64})["']?[ \t]*$/dgm],
  ["static:", /=[ \t]*static:[^\s:]{1,128}:(\S{4,256})/dg],
  ["] ", MAIL_BRACKETS],
  ["]:", MAIL_BRACKETS],
  [":587", MAIL_HOST],
  [":465", MAIL_HOST],
  [":2525", MAIL_HOST],
  ['PSK "', /:[ \t]{0,8}PSK[ \t]{1,8}["']([^"'\n]{4,256})["']/dg],
  ['EAP "', /:[ \t]{0,8}EAP[ \t]{1,8}["']([^"'\n]{4,256})["']/dg],
  ["XAUTH", /:[ \t]{0,8}XAUTH[ \t]{1,8}["']([^"'\n]{4,256})["']/dg],
  ["default login", /\bdefault\s{1,8}login\s{1,8}(?!anonymous)\S{1,200}\s{1,8}password\s{1,8}(\S{4,256})/dg],
  line("enable ", /enable[ \t]+(?:secret|password)[ \t]+(?:\d[ \t]+)?(\S{5,128})[ \t]*$/dgm),
  line(
    "username ",
    /username[ \t]+\S{1,64}[ \t]+(?:privilege[ \t]+\d+[ \t]+)?(?:secret|password)[ \t]+(?:\d[ \t]+)?(\S{5,128})[ \t]*$/dgm,
  ),
  line("-server", /(?:tacacs|radius)-server\b[^\n]{0,80}?\bkey[ \t]+(?:\d[ \t]+)?(\S{5,128})/dgm),
  ["ChapSecret", /ChapSecret[ \t]*=[ \t]*(\S{4,128})/dg],
  ...["PLAIN", "CLEARTEXT", "CRYPT", "SSHA", "SSHA256", "SSHA512", "SMD5", "ARGON2", "ARGON2ID"].map(
    (scheme): Place => [`{${scheme}}`, new RegExp(`\\{${scheme}\\}([^\\s"'{}]{6,512})`, "dg")],
  ),
  [":pserver:", /:pserver:(?!anon)[^\s:@/]{1,64}:([^\s@"']{4,128})@[A-Za-z0-9[]/dg],
  [":pserver:", /^(?:\/1 )?:pserver:(?!anon)[^\s:]\S{1,200}[ \t]+(A[!-~]{4,128})[ \t]*$/dgm],
  ["requirepass", /"(?:requirepass|masterauth)"\s{1,4}\d{1,3}\)\s{1,4}"([^"\s]{4,256})"/dg],
  ["requirepass", /--?(?:requirepass|masterauth)["']?,?[ =]{1,2}["']?([^\s"',]{4,256})/dg],
  [
    "masterauth",
    /"masterauth"\s{1,4}\d{1,3}\)\s{1,4}"([^"\s]{4,256})"|--masterauth["']?,?[ =]{1,2}["']?([^\s"',]{4,256})/dg,
  ],
  ["auth-pass", /\bauth-pass[ \t]+[\w.-]{1,80}[ \t]+["']?([^\s"']{4,256})/dgi],
  ["requirepass", /\bCONFIG[ ]SET[ ](?:requirepass|masterauth)[ ]["']?([^\s"']{4,256})/dgi],
  ...['"AUTH"', '"auth"'].map((word): Place => [word, /"AUTH"(?:[ ]"[^"\s]{1,64}")?[ ]"([^"\s]{4,256})"/dgi]),
  ["> AUTH", />[ ]AUTH[ ](?:[^\s"']{1,64}[ ])?["']?([^\s"']{4,256})["']?[ ]*$/dgm],
  line("Key Content", /Key Content[ \t]*:[ \t]*(\S[^\n]{6,62}\S)[ \t]*$/dgm),
  line(
    "option ",
    /option[ \t]+(?:key\d?|password|sae_password|psk|auth_secret|private_key|preshared_key)[ \t]+["']([^"'\n]{6,128})["']/dgm,
  ),
  ...["asicAuth", "asic_auth", "ASIC_AUTH", "asic-auth"].map((word): Place => [
    word,
    /basic[_-]?auth["']?[ \t]{0,8}[:=][ \t]{0,8}["']?[A-Za-z0-9_.@-]{1,64}:(?=[^\s"']{0,128}[\dA-Z!-&*+?~])([^\s"':]{6,128})["']?[ \t]*,?$/dgim,
  ]),
  ["imap_pass", /set[ \t]+(?:imap|smtp)_pass[ \t]*=[ \t]*["']?([^\s"']{4,128})/dg],
  ["l2tpd", CHAP],
  ["pptpd", CHAP],
  ["CHAP", CHAP],
  ["*:", /^(?:[\w.-]+|\*):(?:\d{2,5}|\*):[\w*-]{1,64}:[\w*.-]{1,64}:([^\s:]{4,256})$/dgm],
  ["cret ID", new RegExp(`^[ \\t]*Secret ID[ \\t]+=[ \\t]*(${UUID})`, "dgm")],
  ...["SecretID", "secret_id", "SECRET_ID"].map((word): Place => [
    word,
    new RegExp(`${word}["']?(?:[ \\t]*[:=][ \\t]*["']?|[ \\t]{2,40}|[ \\t]*\\|[ \\t]*)(${UUID})`, "dg"),
  ]),
  ['"api"', new RegExp(`"api"[ ]{0,4}:[ ]{0,4}"(${UUID})"`, "dg")],
  ...["asicAuth>", "asic-auth>", "asic_auth>", "redentials>", "uth>"].map((word): Place => [
    word,
    /<(?:[\w.:-]{0,40}auth|credentials)>\s{0,40}[A-Za-z0-9_.@-]{1,64}:([^\s<>]{6,256})\s{0,40}<\//dgi,
  ]),
  ...["mysqli(", "_connect(", "PDO(", "getConnection(", "ftp_login("].map((word): Place => [
    word,
    /(?:mysqli|_connect|PDO|getConnection|ftp_login)\((?:[^(),\n]{1,200},){2}[ ]{0,4}["']([^"'\s]{6,128})["']/dg,
  ]),
  ["value=", /<add[ \t]+key="[^"]{0,80}Password"[ \t]+value="([^"\s]{6,256})"/dgi],
];

/** `name value` alone on a line, or a name and a value that only blanks or a bar part, as in `pulumi stack output`. */
const LINES =
  /^[ \t]*(?:set[ \t]+)?([A-Za-z][\w.-]{2,80})(?:[ \t]*\|[ \t]*|[ \t]+)["']?([^\s"'|#<>(){}=]{8,512})["']?[ \t]*;?$/dgm;

/** Two cells of a row, of which the first names the second. */
const CELLS =
  /(?:^[ \t>]{0,8}|[|│][ \t]{0,8})[`*_]{0,2}([A-Za-z][\w.-]{2,80})[`*_]{0,2}[ \t]{0,80}[|│][ \t]{0,8}`?([^\s"'`|│#<>(){}=]{8,512})`?[ \t]{0,200}(?=[|│]|$)/dgm;

export const DIRECTIVE_RULES: readonly Rule[] = [
  {
    id: "config-directive",
    description:
      "Password in a configuration file with a format of its own: redis.conf, wpa_supplicant, Postfix maps, LDAP",
    keywords: DIRECTIVES.map(([word]) => word.trim().toLowerCase()),
    scan: (text) => scanPlaces(text, DIRECTIVES, isTyped),
    source:
      "redis.conf, wpa_supplicant.conf(5), postconf(5), ipsec.secrets(5), netrc(5), slapd.conf(5), Cisco IOS manuals",
  },
  {
    id: "name-and-value",
    description: "Name and value parted by blanks or a bar alone: apiKey    …, password | …",
    keywords: ["pass", "pwd", "pw", "token", "key", "secret", "cred", "auth", "psk", "salt", "pat"],
    scan(text) {
      const found = [];
      for (const match of [...text.matchAll(LINES), ...text.matchAll(CELLS)]) {
        const kind = kindOfName(match[1] ?? "");
        const span = match.indices?.[2];
        const value = match[2] ?? "";
        if (!span || kind === undefined || isPlaceholder(value) || !looksDrawn(value)) continue;
        if (
          !isWordy(value) ||
          isUnspeakable(value) ||
          (kind === "password" && isTypedPassword(value, "line"))
        )
          found.push({ start: span[0], end: span[1] });
      }
      return found;
    },
    source:
      "CWE-532 (secrets in log files); Pulumi docs: stack outputs; PostgreSQL manual: psql, expanded output",
  },
];

function isTyped(value: string): boolean {
  return !isPlaceholder(value) && !/^<|^\*+$|^\d{1,5}$/.test(value);
}
