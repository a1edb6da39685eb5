import type { PatternRule } from "./rule.js";
import { token } from "./rule.js";

/** Hashes of passwords: they can be tried out elsewhere. */
export const HASH_RULES: readonly PatternRule[] = [
  {
    id: "bcrypt-or-crypt-hash",
    description: "Password hash of crypt(3): bcrypt, SHA-512, yescrypt, Argon2, scrypt",
    keywords: ["$2", "$6$", "$5$", "$y$", "$argon2", "$7$", "$scrypt", "$gy$"],
    pattern: token(
      /\$(?:2[aby]\$\d{2}\$[A-Za-z0-9./]{53}|[56]\$[^\s:]{30,140}|(?:g?y|7)\$[^\s:]{40,140}|(?:argon2(?:id|i|d)|scrypt)\$[^\s:"']{30,200})/,
    ),
    source: "crypt(5) manual page; RFC 9106 and the PHC string format",
  },
  {
    id: "apache-md5-hash",
    description: "Password hash of htpasswd or old crypt(3): Apache MD5, MD5, SHA-1",
    keywords: ["$apr1$", "$1$", "{sha}", "$sha1$"],
    pattern:
      /\$(?:apr1|1)\$[A-Za-z0-9./]{2,8}\$[A-Za-z0-9./]{22}|\{SHA\}[A-Za-z0-9+/]{27}=|\$sha1\$\d{1,9}\$[^\s:]{20,80}/g,
    source: "Apache HTTP Server docs: Password formats; crypt(5)",
  },
  {
    id: "framework-password-hash",
    description: "Password hash of Django, Werkzeug, PostgreSQL SCRAM or MySQL",
    keywords: ["pbkdf2", "scrypt:", "scram-sha-", "$a$005$"],
    pattern:
      /\bpbkdf2[_:]sha(?:1|256|512)[$:]\d{1,9}\$[^\s:"']{20,200}|\bscrypt:\d{1,9}:\d{1,4}:\d{1,4}\$[^\s:"']{20,300}|SCRAM-SHA-(?:1|256)\$\d{1,9}:[A-Za-z0-9+/=]{8,64}\$[A-Za-z0-9+/=:]{40,200}/g,
    source: "Django docs: Password management; Werkzeug docs: Utilities; PostgreSQL docs: pg_authid",
  },
];
