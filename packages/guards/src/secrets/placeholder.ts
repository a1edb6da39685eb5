/** Parts of a value that show that somebody is meant to fill it in, or that a program masked it. */
const STAND_INS =
  /x{5,}|\*{3,}|\.{3}|…|•{2,}|example|placeholder|change[_-]?me|replace[_-]?(?:me|with|this)|redacted|masked|insert[_-]?|your[_-]|<[a-z]|\bdummy|(?:^|[_-])fake(?:[_-]|$)|0{12,}|1234567890|abcdefgh|deadbeef|secret_?here|token_?here|key_?here/i;

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
    "mysecretpassword supersecret topsecret s3cr3t s3cret secret123 pa55word pw pwd dev local localhost minioadmin"
  ).split(" "),
);

/** Whether a value only stands in for a secret: `changeme`, `xxxx`, `<your-key>`, `${VAR}`, `…EXAMPLE`. */
export function isPlaceholder(value: string): boolean {
  return WORDS.has(value.toLowerCase()) || STAND_INS.test(value) || REFERENCES.test(value);
}
