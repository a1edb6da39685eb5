import { isSecretApart } from "../assigned-value.js";
import { kindOfName } from "../names.js";
import type { Rule, Span } from "./rule.js";

/** Signs by which languages put two texts together. */
const SIGN = /(?:\+|\.{1,2}|&|~|\|\||<>)/.source;
/** Between two texts: a sign, on either side of a line break, or the line break alone. */
const BETWEEN = `[ \\t]{0,8}(?:${SIGN}[ \\t]{0,8}[_\\\\]?[ \\t]{0,4}(?:\\r?\\n[ \\t]{0,80})?|\\\\?\\r?\\n[ \\t]{0,80}(?:${SIGN}[ \\t]{0,8})?)`;

/** A name, a sign of assignment and two texts or more. */
const JOINED = new RegExp(
  String.raw`(?<![A-Za-z0-9_$.-])(?<name>[A-Za-z_$@][\w$.-]{1,80})["']?\]?[ \t]{0,8}(?:=>|:=|=|:)[ \t\n(]{0,40}` +
    String.raw`(?<pieces>(["'])[^"'\\\s]{1,256}\3(?:${BETWEEN}\3[^"'\\\s]{1,256}\3){1,8})(?![ \t]{0,8}[:=])`,
  "dg",
);
const PIECE = /(["'])([^"'\\\s]{1,256})\1/dg;
/** Places of a text that are looked at. */
const MOST = 5_000;

/** Secrets that a program puts together from pieces, so that no piece looks like one. */
export const JOINED_RULES: readonly Rule[] = [
  {
    id: "joined-secret",
    description: 'Value put together from texts on one line or several: password = "…" + "…"',
    keywords: [
      "pass",
      "pwd",
      "pw",
      "secret",
      "token",
      "key",
      "cred",
      "auth",
      "psk",
      "salt",
      "pat",
      "kennwort",
      "senha",
    ],
    scan(text, entropy) {
      const found: Span[] = [];
      let tried = 0;
      for (const match of text.matchAll(JOINED)) {
        tried += 1;
        if (tried > MOST) break;
        const kind = kindOfName(match.groups?.["name"] ?? "");
        const start = match.indices?.groups?.["pieces"]?.[0];
        if (kind === undefined || start === undefined) continue;
        const pieces = [...(match.groups?.["pieces"] ?? "").matchAll(PIECE)];
        if (!isSecretApart(pieces.map((piece) => piece[2] ?? "").join(""), kind, entropy)) continue;
        for (const piece of pieces) {
          const span = piece.indices?.[2];
          if (span) found.push({ start: start + span[0], end: start + span[1] });
        }
      }
      return found;
    },
    source: "CWE-798 (hard-coded credentials)",
  },
];
