import { looksDrawn } from "../assigned-value.js";
import { kindOfName } from "../names.js";
import { isPlaceholder } from "../placeholder.js";
import { isUnspeakable, isWordy } from "../wordy.js";
import type { Rule } from "./rule.js";
import { type Place, scanPlaces } from "./scan-rows.js";

/** Up to the option, on the same command. */
const REST = /[^\n|;&]{0,160}?/.source;
const VALUE = /["']?([^\s"'|;&<>`$({[][^\s"'|;&<>`]{3,255})/.source;

const command = (word: string, option: string): Place => [
  `${word} `,
  new RegExp(`${word}[ ](?<=(?<![\\w-])${word}[ ])${REST}(?<=[ ])${option}${VALUE}`, "dg"),
];

/** Commands that take a secret as an argument, each with the option or place that holds it. */
const COMMANDS: readonly Place[] = [
  command("ldapsearch", "-w[ ]?"),
  command("ldapmodify", "-w[ ]?"),
  command("ldapadd", "-w[ ]?"),
  command("ldapwhoami", "-w[ ]?"),
  command("ldappasswd", "-[ws][ ]?"),
  command("mosquitto_pub", "-P[ ]"),
  command("mosquitto_sub", "-P[ ]"),
  command("mongosh", "-p[ ]?"),
  command("mongodump", "-p[ ]?"),
  command("mongo", "-p[ ]?"),
  command("cqlsh", "-p[ ]?"),
  command("sqlcmd", "-P[ ]?"),
  command("bcp", "-P[ ]?"),
  command("isql", "-P[ ]?"),
  command("ipmitool", "-P[ ]"),
  command("snmpwalk", "-[AXc][ ]"),
  command("snmpget", "-[AXc][ ]"),
  command("smbclient", "-U[ ][^\\s%]{1,64}%"),
  command("rpcclient", "-U[ ][^\\s%]{1,64}%"),
  command("xfreerdp", "/p:"),
  command("zip", "-P[ ]?"),
  command("unzip", "-P[ ]?"),
  command("7z", "-p"),
  command("keytool", "-(?:storepass|keypass|srcstorepass|deststorepass)[ ]"),
  command("jarsigner", "-(?:storepass|keypass)[ ]"),
  command("helm registry login", "-p[ ]"),
  command("podman login", "-p[ ]"),
  command("nerdctl login", "-p[ ]"),
  command("oc login", "-p[ ]"),
  command("az login", "-p[ ]"),
  command("lftp", "-u[ ][^\\s,]{1,64},"),
  command("wget", "--(?:http-|ftp-)?password[= ]"),
  command("gh secret set", "(?:--body|-b)[ =]?"),
  command("nmcli", "(?:password|wifi-sec.psk)[ ]"),
  command("doctl", "(?:-t|--access-token)[ =]"),
  command("openssl", "(?:-pass(?:in|out)?[ ]pass:|-k[ ]|-K[ ]|-passin=pass:)"),
  command("htpasswd", "-[a-zA-Z]{0,4}b[a-zA-Z]{0,4}[ ]\\S{1,200}[ ]\\S{1,64}[ ]"),
  command("htpasswd", "-[a-zA-Z]{0,4}n[a-zA-Z]{0,4}[ ]\\S{1,64}[ ]"),
  command("az acr login", "-p[ ]"),
  command("rclone config", "pass(?:word)?[ =]"),
  command("rabbitmqctl", "(?:add_user|change_password|authenticate_user)[ ]\\S{1,64}[ ]"),
  command("wpa_passphrase", "\\S{1,64}[ ]"),
  command("net user", "\\S{1,64}[ ]"),
  command("curl", "(?:-u[ ]?|--user[ =]|--proxy-user[ =])[\"']?[^\\s:\"'$]{1,64}:"),
  command("vault login", "(?:-[a-z-]+(?:=\\S{1,64})?[ ])?"),
  command("snyk auth", ""),
  ...["npm config set", "npm set", "pnpm config set", "pnpm set", "yarn config set"].map((word) =>
    command(word, "\\S{0,120}(?:npmAuth(?:Token|Ident)|_authToken|_auth|_password)[\"']?[ =]"),
  ),
  command(
    "composer config",
    "(?:http-(?:basic|digest)\\.\\S{1,120}[ ]\\S{1,64}|(?:bearer|gitlab-token|github-oauth)\\.\\S{1,120})[ ]",
  ),
  command("poetry config", "(?:http-basic\\.\\S{1,80}[ ]\\S{1,64}|pypi-token\\.\\S{1,80})[ ]"),
  command("bundle config", "\\S{1,120}[ ][^\\s:]{1,64}:"),
  command("twine upload", "-p[ ]"),
  command("cargo login", ""),
  command("nuget setapikey", ""),
  command("nuget", "-(?:Password|ApiKey|ClearTextPassword)[ ]"),
  command("dotnet nuget", "(?:-p|-k|--api-key)[ ]"),
  command("mysqladmin", "password[ ]"),
  command("ldapdelete", "-w[ ]?"),
  command("ldapcompare", "-w[ ]?"),
  command("ldapmodrdn", "-w[ ]?"),
  command("ldappasswd", "-a[ ]?"),
  command("slappasswd", "-s[ ]?"),
  command("doveadm pw", "-p[ ]"),
  command("mosquitto_passwd", "-[a-zA-Z]{0,3}b[ ]\\S{1,200}[ ]\\S{1,64}[ ]"),
  command("mongoimport", "-p[ ]?"),
  command("mongoexport", "-p[ ]?"),
  command("mongorestore", "-p[ ]?"),
  command("rabbitmqadmin", "-p[ ]"),
  command("etcdctl", "--user[ =][^\\s:]{1,64}:"),
  command("mc alias set", "\\S{1,64}[ ]\\S{1,200}[ ]\\S{1,128}[ ]"),
  command("sqlplus", "[A-Za-z]\\w{0,63}/"),
  command("plink", "-pw[ ]"),
  command("pscp", "-pw[ ]"),
  command("cmdkey", "/pass:"),
  command("net use", "(?:\\S{1,120}[ ]){1,2}(?=\\S{6,128}[ ]/user:)"),
  command("kadmin", "-w[ ]"),
  command("addprinc", "-pw[ ]"),
  command("cpw", "-pw[ ]"),
  command("conan user", "-p[ ]"),
  command("conan remote login", "-p[ ]"),
  command("cf login", "-p[ ]"),
  command("grafana-cli", "reset-admin-password[ ]"),
  command("grafana cli", "reset-admin-password[ ]"),
  command("wp user", "--user_pass="),
  command("bw login", "\\S{1,80}@\\S{1,80}[ ]"),
  command("bw unlock", ""),
  ["passwd", /\becho[ ]["']?([^\s"'|$]{6,128})["']?[ ]{0,2}\|[ ]{0,2}(?:sudo[ ])?passwd[ ]+--stdin/dg],
  ["chpasswd", /["']?[a-z_][a-z0-9_-]{0,31}:([^\s"'|]{4,128})["']?[ ]{0,2}\|[ ]{0,2}(?:sudo[ ])?chpasswd/dg],
  ["sudo", /\becho[ ]["']?([^\s"'|$]{6,128})["']?[ ]{0,2}\|[ ]{0,2}sudo[ ]-S/dg],
];

/** `set -gx NAME value` and the like: the name decides. */
const SETTERS =
  /(?:ENV[ ]+|#define[ ]+|kubectl[ ]+config[ ]+set[ ]+|set[ ]+(?:-[a-zA-Z]{1,4}[ ]+|--[a-z]+[ ]+){1,3}|setenv[ ]+|setx[ ]+|export[ ]+|aws[ ]+configure[ ]+set[ ]+|git[ ]+config[ ]+(?:--[a-z]+[ ]+){0,3}|npm[ ]+config[ ]+set[ ]+|poetry[ ]+config[ ]+|heroku[ ]+config:set[ ]+|pulumi[ ]+config[ ]+set[ ]+(?:--[a-z]+[ ]+){0,3}|bundle[ ]+config[ ]+(?:set[ ]+)?|consul[ ]+kv[ ]+put[ ]+|etcdctl[ ]+put[ ]+|redis-cli[ ]+set[ ]+|SET[ ]+)((?:[\w.:/-]{0,100}[.:/])?[\w-]{2,80})[ ]+["']?([^\s"'|;&<>`$({[][^\s"'|;&<>`]{5,32767})|^\$(\w{2,80})\[\d{1,3}\]: \|([^|\s]{6,512})\|$/dgm;

export const COMMAND_RULES: readonly Rule[] = [
  {
    id: "command-argument",
    description:
      "Credentials given to a command: curl -u, ldapsearch -w, openssl -passin, rabbitmqctl add_user",
    keywords: COMMANDS.map(([word]) => word),
    scan: (text) => scanPlaces(text, COMMANDS, isArgument),
    source: "Manual pages of the commands",
  },
  {
    id: "command-setter",
    description:
      "Value set for a name by a command: set -gx, setenv, setx, aws configure set, pulumi config set",
    keywords: [
      "set",
      "env ",
      "#define",
      "]: |",
      "git config",
      "poetry config",
      "bundle config",
      "kv put",
      "etcdctl put",
      "export",
    ],
    scan(text) {
      const found = [];
      for (const match of text.matchAll(SETTERS)) {
        const kind = kindOfName((match[1] ?? match[3] ?? "").replaceAll(/[:/]/g, "_"));
        const span = match.indices?.[2] ?? match.indices?.[4];
        const value = match[2] ?? match[4] ?? "";
        if (/[\w-]/.test(text[match.index - 1] ?? " ")) continue;
        if (!span || kind === undefined || isPlaceholder(value)) continue;
        if (
          kind === "password"
            ? /\d|[^\w]/.test(value) || isUnspeakable(value) || !isWordy(value)
            : looksDrawn(value) && (!isWordy(value) || isUnspeakable(value))
        )
          found.push({ start: span[0], end: span[1] });
      }
      return found;
    },
    source: "fish, csh, AWS CLI, Git, npm and Pulumi manuals",
  },
];

/** Typed by a person, so it may be of words; a file, an option, a port or a stand-in it is not. */
function isArgument(value: string): boolean {
  if (value.length < 5 || isPlaceholder(value) || /^-|^\d{1,5}$|^[./~]|:$|[>,]$|\.{2}|^\w+=/.test(value))
    return false;
  return /\d|[A-Z]|[^\w]/.test(value) || value.length >= 8;
}
