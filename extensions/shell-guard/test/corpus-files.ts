import { readFileSync } from "node:fs";
import { decide, type Decision } from "../src/decide.js";
import { readSettings } from "../src/settings.js";

export interface DangerousCase {
  readonly verdict: string;
  readonly rule: string;
  readonly command: string;
}

/** The place that every command of the corpus is judged in. */
export const PLACE = readSettings({ project_root: "/home/me/app" }, "/home/me");

export const judge = (command: string): Decision => decide(command, PLACE);

const lines = (name: string): string[] =>
  readFileSync(new URL(`../corpus/${name}`, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "");

/** A newline inside a command stands as this sign in the files. */
const withNewlines = (line: string): string => line.replaceAll("␤", "\n");

export const readOrdinary = (name: string): string[] => lines(name).map(withNewlines);

export function readDangerous(name: string): DangerousCase[] {
  return lines(name)
    .filter((line) => !line.startsWith("# "))
    .map((line) => {
      const [verdict = "", rule = "", ...rest] = line.split(" ");
      return { verdict, rule, command: withNewlines(rest.join(" ")) };
    });
}

/** What a corpus command got, when that is not what it should get. */
export const missesOf = (name: string): string[] =>
  readDangerous(name)
    .filter(({ verdict, command }) => judge(command).verdict !== verdict)
    .map(({ verdict, command }) => `${verdict} expected, ${judge(command).verdict} given: ${command}`);

export const alarmsOf = (name: string): string[] =>
  readOrdinary(name)
    .filter((command) => judge(command).verdict !== "continue")
    .map((command) => `${judge(command).verdict} (${judge(command).findings[0]?.rule}): ${command}`);
