import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { judge } from "./corpus-files.js";

const CORPUS = fileURLToPath(new URL("../corpus/", import.meta.url));

/** Folders of commands by kind. `after` and `later` hold those written when the rules were finished, by somebody who had not seen them. */
export type KindFolder = "kinds" | "after" | "later";

export interface KindCase {
  readonly verdict: string;
  readonly command: string;
  /** As it stands in the file. */
  readonly line: string;
  /** Marked by `? ` before the line: it is known to get another answer. */
  readonly isKnownWrong: boolean;
}

/** The kinds that a folder has a file for. */
export const kindsOf = (folder: KindFolder): string[] =>
  existsSync(`${CORPUS}${folder}`)
    ? readdirSync(`${CORPUS}${folder}`)
        .filter((name) => name.endsWith(".txt"))
        .map((name) => name.slice(0, -".txt".length))
        .sort()
    : [];

const linesOf = (path: string): string[] =>
  existsSync(`${CORPUS}${path}`)
    ? readFileSync(`${CORPUS}${path}`, "utf8")
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("# "))
    : [];

/** One `<verdict> <command>` a line; the sign ␤ stands for a newline in a command. */
export const readKind = (folder: KindFolder, kind: string): KindCase[] =>
  linesOf(`${folder}/${kind}.txt`).map((text) => {
    const line = text.replace(/^\? /, "");
    const [verdict = "", ...rest] = line.split(" ");
    return { verdict, command: rest.join(" ").replaceAll("␤", "\n"), line, isKnownWrong: line !== text };
  });

/** Commands that do harm and pass, because nobody can see it in them or because people do it all day. */
export const readOutOfScope = (): string[] => linesOf("out-of-scope.txt");

export interface Figures {
  readonly commands: number;
  /** Dangerous ones that got the written answer, or in `after` a stricter one. */
  readonly caught: number;
  /** Dangerous ones that got a question instead of a block. */
  readonly milder: number;
  /** Dangerous ones that passed. */
  readonly missed: number;
  /** Harmless ones that were stopped. */
  readonly stopped: number;
  /** Those of `caught` that were blocked where the writer expected a question. */
  readonly otherwise: number;
}

/** How a file of commands does, as the table in the readme has it. */
export function figuresOf(folder: KindFolder, kind: string): Figures {
  const answers = readKind(folder, kind).map(
    ({ verdict, command }) => `${verdict} ${judge(command).verdict}`,
  );
  const count = (pattern: RegExp): number => answers.filter((answer) => pattern.test(answer)).length;
  return {
    commands: answers.length,
    caught: count(/^(?:block block|confirm confirm|confirm block|stop (?:block|confirm))$/),
    milder: count(/^block confirm$/),
    missed: count(/^(?:block|confirm|stop) continue$/),
    stopped: count(/^continue (?:block|confirm)$/),
    otherwise: count(/^confirm block$/),
  };
}

/** The figures of `after` before anything was repaired. */
export const readFirstRun = (): Record<string, Figures> =>
  JSON.parse(readFileSync(`${CORPUS}after/first-run.json`, "utf8")) as Record<string, Figures>;

/** The sums of some figures. */
export function sumOf(all: readonly Figures[]): Figures {
  const sum = (key: keyof Figures): number => all.reduce((total, figures) => total + figures[key], 0);
  return {
    commands: sum("commands"),
    caught: sum("caught"),
    milder: sum("milder"),
    missed: sum("missed"),
    stopped: sum("stopped"),
    otherwise: sum("otherwise"),
  };
}
