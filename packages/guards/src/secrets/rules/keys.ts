import { endOfArmor, findHeadless } from "../armor.js";
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
    id: "private-key-end",
    description: "Last lines of a private key block whose beginning is missing",
    keywords: ["private key"],
    scan: findHeadless,
    source: "RFC 7468 (textual encodings)",
  },
  {
    id: "private-key-body",
    description: "Private key in base64 without the lines around it: PKCS #1, PKCS #8, SEC 1, OpenSSH",
    keywords: [
      "iibaa",
      "ibadanbgkqhkig",
      "agehmbmg",
      "agemb",
      "mhccaqee",
      "migkageb",
      "mc4caqawbqydk2v",
      "b3blbnnzac1rzxktdje",
      "agekaoib",
      "agekaoic",
      "ibaakc",
    ],
    pattern: token(
      /(?:MII[A-Za-z0-9+/]{2,4}IBAAKC|MII[A-Za-z0-9+/]{2,4}[A-Za-z0-9+/]IBADANBgkqhkiG9w0BAQEFAASC|MI[GH][A-Za-z0-9+/]AgEAMB[AMQ]G|MHcCAQEE|MIGkAgEB|MC4CAQAwBQYDK2V|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/]{16,16384}={0,2}/,
    ),
    entropy: 3.5,
    source: "RFC 8017 appendix A.1.2, RFC 5208, RFC 5915, OpenSSH PROTOCOL.key",
  },
  {
    id: "encoded-private-key",
    description: "Private key block in base64 as a whole, also where it is cut",
    keywords: ["ls0tls1crudjti"],
    pattern: token(/LS0tLS1CRUdJTi[A-Za-z0-9+/]{40,65536}={0,2}/),
    check: ({ value }) => Buffer.from(value.slice(0, 96), "base64").includes("PRIVATE KEY"),
    source:
      "RFC 7468 (textual encodings), RFC 4648 section 4; Talos and Kubernetes docs: client configuration",
  },
  {
    id: "key-data",
    description: "Private key of a kubeconfig or the like, in base64",
    keywords: ["key-data", "key_data", "keydata", "tls.key", "ssh-privatekey"],
    pattern:
      /(?:client-key-data|private_?key_?data|tls\.key|ssh-privatekey)\\?["']?[ \t]{0,8}[:=][ \t]{0,8}(?:[>|][+-]?[ \t]{0,4}\r?\n[ \t]{1,40})?\\?["']?([A-Za-z0-9+/]{40,32768}(?:\r?\n[ \t]{1,40}[A-Za-z0-9+/]{40,8192})*={0,2})/dgi,
    entropy: 3.5,
    source: "Kubernetes docs: Organizing cluster access using kubeconfig files; Secrets",
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
