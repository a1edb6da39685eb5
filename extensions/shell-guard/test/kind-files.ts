import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { judge } from "./corpus-files.js";

const CORPUS = fileURLToPath(new URL("../corpus/", import.meta.url));

/** Folders of commands by kind. `after` holds those written when the rules were finished: what they miss is counted, not repaired. */
export type KindFolder = "kinds" | "after";

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
  /** Dangerous ones that got the written answer. */
  readonly caught: number;
  /** Dangerous ones that passed or got a milder answer. */
  readonly missed: number;
  /** Harmless ones that were stopped. */
  readonly stopped: number;
}

/** How a file of commands does, as the table in the readme has it. */
export function figuresOf(folder: KindFolder, kind: string): Figures {
  const cases = readKind(folder, kind).map((entry) => ({ ...entry, given: judge(entry.command).verdict }));
  const dangerous = cases.filter(({ verdict }) => verdict !== "continue");
  const caught = dangerous.filter(({ verdict, given }) => verdict === given).length;
  const stopped = cases.filter(({ verdict, given }) => verdict === "continue" && given !== "continue").length;
  return { commands: cases.length, caught, missed: dangerous.length - caught, stopped };
}
