import { isSecretApart } from "../assigned-value.js";
import { kindOfName, nameBefore } from "../names.js";
import { isPlaceholder } from "../placeholder.js";
import type { Candidate, Rule, Span } from "./rule.js";

/** A value in quotes. */
const QUOTED = /(?:"(?<q1>[^"\\\n]{6,512})"|'(?<q2>[^'\\\n]{6,512})'|`(?<q3>[^`\\\n$]{6,512})`)/.source;

/** A call that reads a setting by its name, up to the value that it gives where there is none. */
const CALL =
  /(?:env|ENV|Env|fetch|config|Config|setting|Setting|property|Property|default|Default)[\w.:]{0,20}!?\([ \t]{0,8}["'](?<n1>[\w.-]{2,80})["'](?:[ \t]{0,8},[ \t\n]{0,16}(?:default[ ]?[=:][ ]?)?|\)[ ]?\{[ ]?|\)\.(?:unwrap_or(?:_else)?|orElse|getOrElse)\((?:\|_\|[ ]?|\(\)[ ]?->[ ]?)?)/
    .source;

/** A variable of the environment, up to the value that stands in for it. */
const VARIABLE =
  /(?:env|ENV|environ|Env)(?:\.get)?(?:\.(?<n2>[A-Za-z_]\w{1,80})|[[(][ ]?["'](?<n3>[A-Za-z_]\w{1,80})["'][ ]?[\])])\)?[ \t\n]{0,16}(?:\?\?|\|\|=?|\?:|or\b)[ \t\n]{0,16}/
    .source;

/** A variable of the environment in a program, with the value it has when nobody sets it. */
const IN_CODE = new RegExp(`(?:${CALL}|${VARIABLE})${QUOTED}`, "dg");

/** The same in a shell, a compose file or Spring: `${NAME:-value}`, `${NAME:value}`. */
const IN_BRACES =
  /\$\{(?<n1>[A-Za-z_][\w.-]{1,80}?)(?::?[-=]|:(?![-=+?]))["']?(?<bare>[^\s"'{}$<>`]{6,512})["']?\}/dg;

/** `NAME ?= value` of make. */
const IN_MAKE =
  /^[ \t]{0,8}(?:export[ ])?(?<n1>[A-Za-z_]\w{1,80})[ \t]{0,8}\?=[ \t]{0,8}["']?(?<bare>[^\s"'$()`]{6,512})/dgm;

/** Least places of a text that are looked at. */
const MOST = 5_000;

/** Types that stand between a name and the sign of assignment, as far as they hold text. */
const TYPE =
  /(?:\[\w{0,8}\])?(?:[ \t]{0,8}:)?[ \t]{0,8}(?:(?:constant|const|final|not null|[A-Z]\w{0,20}\.)[ ]?){0,2}(?:&?'?(?:static |a )?(?:(?:n?var)?char2?|text|n?varchar2?|clob|(?:ansi|wide|short|unicode)?string|str|pchar|optional|final|any|schar|uint8_t|byte|literal)(?:\([^()\n]{0,20}\)|\[[^[\]\n]{0,20}\]|<[^<>\n]{0,30}>|\{\d{0,4}\})?\??(?:[ ]?\|[ ]?(?:none|null|undefined))?)?[ \t]{0,8}(?::?=|\{)[ \t]{0,8}[NLEu@]?/
    .source;

/** Words of which a typed name has one at its end. */
const NAME =
  /(?<name>(?:pass(?:word|wd|phrase|code)?|passwort|kennwort|senha|pwd|pw|psk|secret|token|key|pat|creds?|credentials?|salt)\d{0,2})(?<tail>)/
    .source;

/** Values that programs hold for a name which they read from elsewhere first, or which they declare with a type. */
export const DEFAULT_RULES: readonly Rule[] = [
  {
    id: "env-default",
    description: 'Value for a variable that is not set: ENV.fetch("X_KEY", "…"), env.X ?? "…", ${X:-…}',
    keywords: ["env", "fetch", "config", "setting", "property", "default", "${", "?="],
    scan(text, entropy) {
      const found: Span[] = [];
      let tried = 0;
      for (const pattern of [IN_CODE, IN_BRACES, IN_MAKE])
        for (const match of text.matchAll(pattern)) {
          tried += 1;
          if (tried > MOST) break;
          const groups = match.groups ?? {};
          const name = groups["n1"] ?? groups["n2"] ?? groups["n3"] ?? "";
          const kind = kindOfName(name);
          const of = ["q1", "q2", "q3", "bare"].find((group) => groups[group] !== undefined) ?? "";
          const span = match.indices?.groups?.[of];
          if (span && kind && isSecretApart(groups[of] ?? "", kind, entropy))
            found.push({ start: span[0], end: span[1] });
        }
      return found;
    },
    source: "CWE-798 (hard-coded credentials); POSIX: Shell, parameter expansion; Spring docs: placeholders",
  },
  {
    id: "typed-assignment",
    description:
      "Value in quotes of a declared name with a type: v_pw CONSTANT VARCHAR2(64) := '…', char password[] = \"…\"",
    keywords: [
      "pass",
      "pwd",
      "pw",
      "psk",
      "secret",
      "token",
      "key",
      "pat",
      "cred",
      "salt",
      "kennwort",
      "senha",
    ],
    pattern: new RegExp(
      `${NAME}(?![A-Za-z0-9])${TYPE}(?:"(?<q1>[^"\\\\\\s]{6,512})"|'(?<q2>[^'\\\\\\s]{6,512})')`,
      "dgi",
    ),
    entropy: 0,
    check: isTypedSecret,
    source: "CWE-798 (hard-coded credentials)",
  },
];

function isTypedSecret({ value, text, match, entropy }: Candidate): boolean {
  const kind = kindOfName(nameBefore(text, match.indices?.groups?.["name"]?.[1] ?? match.index));
  return kind !== undefined && !isPlaceholder(value) && isSecretApart(value, kind, entropy);
}
