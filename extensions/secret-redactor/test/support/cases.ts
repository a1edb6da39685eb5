// A case is `=== redact: SECRET` or `=== keep`, then the output; `<<alnum:40>>`, `<<uuid>>`, `<<base64of:a (alnum 36)>>` are filled in, the same tag by the same text (`#2` at its end makes another).
import { readdirSync, readFileSync } from "node:fs";
import { ALPHABETS, pick, seeded, type Random } from "./random.js";

/** One output of a tool, with what must not be readable in what comes back, or with nothing that may change. */
export interface Case {
  readonly kind: string;
  /** Place in its file, from 1. */
  readonly number: number;
  readonly expect: "redact" | "keep";
  readonly output: string;
  readonly secret: string;
}

/** Reads all `<kind>.txt` of a folder of the corpus. Throws for a case whose secret does not stand in its output. */
export function readCases(folder: string, run = 0): Case[] {
  const root = new URL(`../../corpus/${folder}/`, import.meta.url);
  return readdirSync(root)
    .filter((name) => name.endsWith(".txt"))
    .toSorted()
    .flatMap((name) =>
      casesOf(name.slice(0, -".txt".length), readFileSync(new URL(name, root), "utf8"), run),
    );
}

function casesOf(kind: string, text: string, run: number): Case[] {
  return text
    .split(/^=== (?=redact:|keep$)/m)
    .slice(1)
    .map((part, index) => {
      const newline = part.indexOf("\n");
      const head = part.slice(0, newline).trim();
      const template = part.slice(newline + 1).replace(/\n$/, "");
      const random = seeded(`${kind} ${index} ${run}`);
      const known = new Map<string, string>();
      const fill = (whole: string) =>
        whole.replaceAll(/<<([^<>]+)>>/g, (_, tag: string) => valueOf(tag, random, known));
      const output = unescape(fill(template));
      if (head === "keep") return { kind, number: index + 1, expect: "keep", output, secret: "" };
      const secret = unescape(fill(head.replace(/^redact: ?/, "")));
      if (!output.includes(secret))
        throw new Error(`${kind}.txt, case ${index + 1}: the secret is not in the output`);
      return { kind, number: index + 1, expect: "redact", output, secret };
    });
}

/** `\t`, `\u200b` and `\e` are written out, because an editor may change them. */
function unescape(text: string): string {
  return text
    .replaceAll("\\t", "\t")
    .replaceAll("\\e", "\u001b")
    .replaceAll(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function valueOf(tag: string, random: Random, known: Map<string, string>): string {
  const before = known.get(tag);
  if (before !== undefined) return before;
  const alphabet = tag.slice(0, tag.indexOf(":"));
  const rest = tag.slice(tag.indexOf(":") + 1);
  const value = tag.startsWith("uuid")
    ? [8, 4, 4, 4, 12].map((length) => pick(random, "hex", length)).join("-")
    : alphabet === "base64of"
      ? Buffer.from(
          rest.replaceAll(/\(([a-z0-9]+) (\d+)\)/g, (_, kind: keyof typeof ALPHABETS, n: string) =>
            pick(random, kind, Number(n)),
          ),
        ).toString("base64")
      : pick(random, alphabet as keyof typeof ALPHABETS, Number.parseInt(rest, 10));
  known.set(tag, value);
  return value;
}
