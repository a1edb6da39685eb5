import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repo } from "./paths.js";

/** Declarations of all interfaces that the packages were built with: name and body. */
function declarations(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const text = readFileSync(join(folder, name), "utf8");
    for (const [, head = "", body = ""] of text.matchAll(
      /^export (?:declare )?interface ([^{]+)\{\n([\s\S]*?)^\}/gm,
    ))
      found.set(withoutParameters(head).trim(), body);
  }
  return found;
}

/** The head of an interface without type parameters and arguments. */
function withoutParameters(head: string): string {
  const shorter = head.replaceAll(/<[^<>]*>/g, "");
  return shorter === head ? head : withoutParameters(shorter);
}

const all = {
  host: declarations(repo("packages/host/dist")),
  sdk: declarations(repo("packages/sdk/dist")),
};

/** The keys of an interface of a package, with those that it inherits, read from the built declarations. */
export function keysOfType(from: keyof typeof all, name: string): string[] {
  const found = [...all[from]].find(([head]) => head.split(" ", 1)[0] === name);
  if (found === undefined) throw new Error(`${from} declares no interface '${name}'`);
  const [head, body] = found;
  const own = [...body.matchAll(/^ {4}(?:readonly )?(\w+)\??[:(]/gm)].map(([, key = ""]) => key);
  const [, parents = ""] = / extends (.+)$/.exec(head) ?? [];
  const inherited = parents
    .split(", ")
    .filter(Boolean)
    .flatMap((parent) => keysOfType(from, parent));
  return [...new Set([...inherited, ...own])];
}

/** The word with one letter changed, left out, doubled, swapped with the next one, and in the other case. */
export function misspellings(word: string): string[] {
  const at = Math.floor(word.length / 2);
  const swapped = word.slice(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.slice(at + 1);
  const variants = [
    word.slice(0, at) + "q" + word.slice(at + 1),
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + word.charAt(at) + word.slice(at),
    swapped,
    word.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  ];
  return [...new Set(variants)].filter((variant) => variant !== word && variant !== "");
}
