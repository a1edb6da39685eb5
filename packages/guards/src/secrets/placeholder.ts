import { entropyOf } from "./entropy.js";

/** Parts of a value that show that somebody is meant to fill it in, or that a program masked it. */
const STAND_INS =
  /x{5,}|\*{3,}|\.{3}|…|•{2,}|example|placeholder|change[_-]?me|replace[_-]?(?:me|with|this)|redacted|masked|insert[_-]?|your[_-]|<[a-z][\w .-]{0,60}>|(?:^|[_-])(?:votre|mon[_-]mot|deine?|meine?|jouw|mijn|twoje|moje|(?:tu|mi|su)[_-](?:contrase|clave)|(?:sua|minha)[_-]senha)[_-]|\[(?:A-Za-z|a-z|A-Z|0-9|\^)|\bdummy|(?:^|[_-])fake(?:[_-]|$)|0{12,}|1234567890|abcdefgh|deadbeef|secret_?here|token_?here|key_?here/i;

/** Values that are somebody else's value: `${VAR}`, `$VAR`, `%VAR%`, `{{ x }}`, `$(cmd)`, `<x>`, `@param`, `%s`. */
const REFERENCES =
  /^(?:\$[A-Za-z_]\w*\W?$|\$?\{|\$\(|%[A-Za-z_]+%|%[sdqv]\b|<|@\{|!(?:Ref|Sub|vault|secret)|#\{|\[)|\$\{|\{\{|\$\(|<%/;

/** Whole values that nobody would keep secret. */
const WORDS = new Set(
  (
    "password passwd passw0rd password1 password123 pass secret secrets token tokens key null none nil undefined true false " +
    "string number boolean bool object unknown any void test testing tests test123 sample demo todo tbd admin root guest " +
    "user username default postgres mysql redis mongo rabbitmq foo bar baz foobar hunter2 letmein qwerty 123456 12345678 " +
    "required optional optional() disabled enabled hidden encrypted unset empty missing invalid mypassword mysecret " +
    "mysecretpassword supersecret topsecret s3cr3t s3cret secret123 pa55word pw pwd dev local localhost minioadmin " +
    "passwort kennwort wachtwoord motdepasse contraseña senha heslo hasło salasana lösenord adgangskode пароль парол 密码 パスワード"
  ).split(" "),
);

/** Words that stand-ins are made of: a value of nothing else was typed by somebody who explains, not by one who hides. */
const PARTS = new Set(
  (
    "my your our their the a an some any this that new old put insert enter type use here there please very super really " +
    "strong secure safe random secret secrets password passwords passwd passphrase pass pw pwd token tokens key keys api app " +
    "access auth client user users username login name admin root db database server service test testing tests tester demo " +
    "sample example dev local localhost default value values string text long longer short fake dummy mock placeholder change changeme changeit " +
    "replace me with from to of for in is it not no on at and or real foo bar baz qux abc abcd xyz todo tbd fixme redis postgres " +
    "postgresql mysql mariadb mongo mongodb rabbitmq unique phrase generated hash salt jwt session cookie signing encryption master " +
    "p pa ss word hidden needed required optional field input label form config env var variable placeholder account email mail id " +
    "something anything whatever nothing none null undefined same plain private public credentials credential generate generated"
  ).split(" "),
);

/** True if a value only stands in for a secret: `changeme`, `xxxx`, `<your-key>`, `${VAR}`, `…EXAMPLE`, `my-secret-pw`. */
export function isPlaceholder(value: string): boolean {
  return (
    WORDS.has(value.toLowerCase()) ||
    (STAND_INS.test(value) && !hasDrawnPart(value)) ||
    REFERENCES.test(value) ||
    (value.length <= 64 && isMadeOfStandIns(value))
  );
}

/** A part that is as long and mixed as a key, as in `example-3f0c…`: somebody put a real one behind the word. */
function hasDrawnPart(value: string): boolean {
  return value
    .split(/[^A-Za-z0-9]+/)
    .some(
      (part) =>
        part.length >= 32 &&
        !STAND_INS.test(part) &&
        /\d/.test(part) &&
        /[A-Za-z]/.test(part) &&
        entropyOf(part) > 3,
    );
}

function isMadeOfStandIns(value: string): boolean {
  const parts = value
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll(/(?<!\d)(?:0|1|2|12|123|1234|12345|123456)(?!\d)/g, " ")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "");
  return parts.length > 0 && parts.every((part) => PARTS.has(part));
}
