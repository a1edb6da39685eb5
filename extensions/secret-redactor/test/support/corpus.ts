import { readFileSync } from "node:fs";
import { CONTEXTUAL, HARMLESS, TOKENS, type Maker } from "./fake-secrets.js";
import { seeded } from "./random.js";

/** One document of the corpus with its placeholders filled in. */
export interface Document {
  readonly title: string;
  readonly text: string;
  /** The secrets planted in it; empty for documents without. */
  readonly secrets: readonly { kind: string; value: string }[];
}

const FOLDER = new URL("../../corpus/", import.meta.url);

/** Reads `=== title` documents; `{{kind}}` becomes a secret or noise of that kind, `{{kind}}#2` a second one. */
export function loadCorpus(file: string): Document[] {
  const documents: Document[] = [];
  for (const part of readFileSync(new URL(file, FOLDER), "utf8").split(/^=== /m).slice(1)) {
    const newline = part.indexOf("\n");
    const title = part.slice(0, newline).trim();
    const template = part.slice(newline + 1);
    // A surrounding with {{*}} is filled once for every kind of token.
    if (!template.includes("{{*}}")) documents.push(expand(title, template));
    else {
      for (const kind of Object.keys(TOKENS)) {
        documents.push(expand(`${title} [${kind}]`, template.replaceAll("{{*}}", `{{${kind}}}`)));
      }
    }
  }
  return documents;
}

function expand(title: string, template: string): Document {
  const random = seeded(title);
  const secrets: { kind: string; value: string }[] = [];
  const text = template.replace(/^(.*?)\{\{([a-z0-9_]+)\}\}/gm, replaceFirst);
  const done = text.replace(/\{\{([a-z0-9_]+)\}\}/g, (whole, kind: string) => fill(kind) ?? whole);
  return { title, text: done, secrets };

  // A block of several lines takes over what stands before its first line, as a diff or an indented file has it.
  function replaceFirst(whole: string, before: string, kind: string): string {
    const value = fill(kind);
    if (value === undefined) return whole;
    const lead = /^[\s+>|-]*$/.test(before) ? before : "";
    if (lead !== "" && value.includes("\n")) return before + value.replaceAll("\n", `\n${lead}`);
    return before + value;
  }

  function fill(kind: string): string | undefined {
    const secret: Maker | undefined =
      TOKENS[kind] ?? (kind.startsWith("plain_") ? undefined : CONTEXTUAL[kind]);
    const noise = HARMLESS[kind.replace(/^plain_/, "")];
    if (kind.startsWith("plain_") && noise !== undefined) return noise(random);
    if (secret === undefined) return undefined;
    const value = secret(random);
    secrets.push({ kind, value });
    return value;
  }
}

/** Parts of a secret that still stand in a text: any eight characters in a row of one of its lines, tags aside. */
export function leaksOf(value: string, text: string): string[] {
  const clean = text.replaceAll(/\[redacted:[^\]]*\]/g, "\u0000");
  return value
    .split(/\r?\n|\\n/)
    .filter((line) => line !== "" && !line.startsWith("-----"))
    .filter((line) => clean.includes(line) || leaksPiece(line, clean));
}

function leaksPiece(line: string, text: string): boolean {
  // Public prefixes such as `sk-ant-api03-` or `github_pat_` are no leak; what follows them is.
  const body = line.slice(Math.min(20, Math.floor(line.length / 3)));
  for (let at = 0; at + 10 <= body.length; at += 1) if (text.includes(body.slice(at, at + 10))) return true;
  return false;
}
