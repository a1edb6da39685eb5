import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { JsonValue } from "@synaps/sdk";
import type { World } from "./world.js";

/** One line of `corpus/<kind>.txt`. */
export interface Case {
  readonly tool: string;
  readonly input: JsonValue;
  /** `stop` is a block or a question. */
  readonly expect: "block" | "confirm" | "continue" | "stop";
}

const folder = new URL("../../corpus/", import.meta.url);

/** The kinds below a folder of the corpus, `""` or `"after/"`. */
export const kindsIn = (below: string): string[] =>
  (existsSync(new URL(below, folder)) ? readdirSync(new URL(below, folder)) : [])
    .filter((name) => name.endsWith(".txt"))
    .map((name) => name.slice(0, -4))
    .sort();

/** The cases of a kind, with the folders of a world in the place of `{{home}}` and `{{project}}`. */
export function casesOf(name: string, { home, project }: World): Case[] {
  return readFileSync(new URL(`${name}.txt`, folder), "utf8")
    .replaceAll("{{home}}", home)
    .replaceAll("{{project}}", project)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Case);
}

/** What came of the cases of a kind, each that went wrong as a line. */
export interface Score {
  readonly n: number;
  /** Cases that were to be stopped or asked about, and were. */
  readonly caught: number;
  readonly missed: readonly string[];
  readonly alarms: readonly string[];
}

/** A milder answer than wanted is missed; any answer where none is wanted is a false alarm. */
export async function scoreOf(name: string, world: World): Promise<Score> {
  const cases = casesOf(name, world);
  const missed: string[] = [];
  const alarms: string[] = [];
  for (const { tool, input, expect } of cases) {
    const { action, text } = await world.judge(tool, input);
    const line = `${tool} ${JSON.stringify(input).slice(0, 160)}: ${action} in place of ${expect} ${text}`;
    if (expect !== "continue" && (action === "continue" || (expect === "block" && action === "confirm")))
      missed.push(line);
    else if (action !== expect && expect !== "stop") alarms.push(line);
  }
  const wanted = cases.filter(({ expect }) => expect !== "continue").length;
  return { n: cases.length, caught: wanted - missed.length, missed, alarms };
}
