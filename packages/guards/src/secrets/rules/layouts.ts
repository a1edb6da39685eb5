import { findApart } from "../apart.js";
import { findInTables } from "../tables.js";
import type { Rule } from "./rule.js";

/** Secrets whose name stands elsewhere: at the head of a column, or in another member of the same object. */
export const LAYOUT_RULES: readonly Rule[] = [
  {
    id: "table-cell",
    description: "Cell of a table below a heading such as password, token or api_key",
    keywords: [
      ..."pass pwd pw token key secret cred auth psk salt pat wort wört contrase mdp hasł haslo heslo woord senha парол".split(
        " ",
      ),
      ..."adgangskode lösenord losenord salasana jelsz şifre geslo lozinka κωδικ 密码 密碼 パスワード 비밀번호".split(
        " ",
      ),
    ],
    scan: findInTables,
    source:
      "CWE-532 (secrets in log files); RFC 4180 (CSV); PostgreSQL manual: psql; MySQL manual: mysql client",
  },
  {
    id: "value-apart",
    description: "Value whose name stands in another member: Kubernetes env, CI variables, Terraform outputs",
    keywords: ["value", "secretstring", "plaintext", "<string>", "random_"],
    scan: findApart,
    source:
      "Kubernetes docs: Define environment variables; Terraform docs: output -json; AWS CLI: ssm get-parameter",
  },
];
