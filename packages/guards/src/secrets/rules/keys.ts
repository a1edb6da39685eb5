import { endOfArmor } from "../armor.js";
import type { Rule } from "./rule.js";
import { token } from "./rule.js";

/** Key files and signed tokens. */
export const KEY_RULES: readonly Rule[] = [
  {
    id: "private-key",
    description: "Private key block: PEM, OpenSSH, PGP",
    keywords: ["private key"],
    pattern: /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g,
    end: endOfArmor,
    source: "RFC 7468 (textual encodings), RFC 9580 section 6.2 (armor), OpenSSH PROTOCOL.key",
  },
  {
    id: "putty-private-key",
    description: "Private part of a PuTTY key file",
    keywords: ["private-lines:"],
    pattern: /Private-Lines: \d{1,4}\r?\n([A-Za-z0-9+/=\r\n]{20,})/dg,
    source: "PuTTY manual, appendix 'PPK file format'",
  },
  {
    id: "age-secret-key",
    description: "age secret key",
    keywords: ["age-secret-key-"],
    pattern: /AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,}/gi,
    source: "age specification (C2SP), X25519 recipient type",
  },
  {
    id: "jwt",
    description: "Signed or encrypted JSON Web Token",
    keywords: ["eyj"],
    // After a dash or underscore only near the beginning of a word, as in `session_eyJ…`: trying every place of a
    // long run again would cost as much as its length each time.
    pattern: token(
      /(?:(?<![_-])|(?<=(?:^|[^A-Za-z0-9_-])[A-Za-z0-9_-]{0,24}[_-]))eyJ[A-Za-z0-9_-]{10,2048}(?:\.[A-Za-z0-9_-]{0,8192}){2,4}/,
    ),
    entropy: 3.5,
    source: "RFC 7519 (JWT), RFC 7516 (JWE)",
  },
];
