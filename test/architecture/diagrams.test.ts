import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MOVES as REQUEST_MOVES } from "../../packages/host/src/delivery/request.js";
import { MOVES as EXTENSION_MOVES } from "../../packages/host/src/supervision/states.js";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";
import { foldersIn } from "./sources.js";

const page = readFileSync(repo("docs/architecture.md"), "utf8");

/** Moves that a diagram of states shows, as "from -> to". `[*]` is the begin and the end. */
function movesShown(name: string): string[] {
  const diagram =
    new RegExp(`<!-- states: ${name} -->\\n\\n\`\`\`mermaid\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";
  return [...diagram.matchAll(/^ {2}(\S+) --> ([^\s:]+)(?:: .+)?$/gm)].map(
    ([, from, to]) => `${from} -> ${to}`,
  );
}

describe(verifies("DOC-011") + "the diagram of states of", () => {
  it.each([
    ["request", REQUEST_MOVES],
    ["extension", EXTENSION_MOVES],
  ] as [string, Readonly<Record<string, readonly string[]>>][])(
    "%s shows the moves of the code's table, no more and no fewer",
    (name, table) => {
      const moves: string[] = Object.entries(table).flatMap(([from, tos]) =>
        tos.map((to) => `${from} -> ${to}`),
      );
      const [first] = Object.keys(table);
      const ends = Object.entries(table).filter(([, tos]) => tos.length === 0);
      const edges: string[] = [`[*] -> ${first}`, ...ends.map(([state]) => `${state} -> [*]`)];
      expect(movesShown(name).sort()).toEqual([...moves, ...edges].sort());
    },
  );
});

it("the diagram of rooms shows rooms that exist, in one row", () => {
  const diagram = /```mermaid\nflowchart TD\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const shown = [...diagram.matchAll(/--> (\w+)/g)].map(([, room]) => room);
  expect(shown).toEqual(["surfaces", "dispatch", "delivery", "supervision", "transport", "time"]);
  expect(foldersIn("packages/host/src")).toEqual(expect.arrayContaining(shown));
});
