import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { judge } from "./corpus-files.js";

interface KindCase {
  readonly verdict: string;
  readonly command: string;
}

const CORPUS = fileURLToPath(new URL("../corpus/", import.meta.url));
/** `corpus/after` holds commands written after the rules: what they miss is listed and counted, not repaired. */
const FOLDERS = ["kinds", "after"];
const VERDICTS = ["block", "confirm", "continue"];

const kindsOf = (folder: string): string[] =>
  existsSync(`${CORPUS}${folder}`)
    ? readdirSync(`${CORPUS}${folder}`)
        .filter((name) => name.endsWith(".txt"))
        .map((name) => name.slice(0, -".txt".length))
        .sort()
    : [];

/** One `<verdict> <command>` a line; a newline in a command stands as a sign, and `? ` before a line says that it is known to be wrong. */
function readKind(folder: string, kind: string): { cases: KindCase[]; known: string[] } {
  const lines = readFileSync(`${CORPUS}${folder}/${kind}.txt`, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "));
  const cases = lines.map((line) => {
    const [verdict = "", ...rest] = line.replace(/^\? /, "").split(" ");
    return { verdict, command: rest.join(" ").replaceAll("␤", "\n") };
  });
  return { cases, known: lines.filter((line) => line.startsWith("? ")).map((line) => line.slice(2)) };
}

interface Wrong {
  readonly line: string;
  readonly given: string;
  readonly rule: string | undefined;
}

const wrongOf = (cases: readonly KindCase[]): Wrong[] =>
  cases
    .map(({ verdict, command }) => ({ verdict, command, decision: judge(command) }))
    .filter(({ verdict, decision }) => decision.verdict !== verdict)
    .map(({ verdict, command, decision }) => ({
      line: `${verdict} ${command.replaceAll("\n", "␤")}`,
      given: decision.verdict,
      rule: decision.findings[0]?.rule,
    }));

const KINDS = FOLDERS.flatMap((folder) => kindsOf(folder).map((kind) => [folder, kind] as const));

test.each(KINDS)("corpus/%s/%s.txt: every verdict as written, known misses apart", (folder, kind) => {
  const { cases, known } = readKind(folder, kind);
  for (const { verdict, command } of cases) expect(VERDICTS, command).toContain(verdict);
  expect(new Set(cases.map(({ command }) => command)).size).toBe(cases.length);
  expect(wrongOf(cases).filter(({ line }) => !known.includes(line))).toEqual([]);
  // What is no longer missed is to be marked as caught.
  const missed = wrongOf(cases).map(({ line }) => line);
  expect(known.filter((line) => !missed.includes(line))).toEqual([]);
});
