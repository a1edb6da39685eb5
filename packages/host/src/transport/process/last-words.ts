import { fileURLToPath } from "node:url";
import { basename } from "node:path";
import type { Program } from "./program-file.js";
import { isInside, lineWith, placeInFile, scriptOf } from "./script.js";

/** A cause that the last lines on standard error name. */
export interface Clue {
  /** More than the lines themselves say. */
  why?: string;
  hint?: string;
  /** `file:line: text` in the extension's folder, or the words that show the mistake. */
  evidence?: string;
}

interface Known {
  pattern: RegExp;
  clue(match: RegExpExecArray, place: string | undefined, program: Program): Clue;
}

const JSON_LINES: Clue = {
  why: "it read the header of a message as JSON",
  hint: "A message is 'Content-Length: <bytes>', a blank line, and that many bytes of JSON: do not read line by line.",
};

/** Causes that runtimes name in a way of their own, the most telling first. */
const KNOWN: readonly Known[] = [
  {
    pattern: /Unknown file extension "(\.[cm]?ts)"|ERR_UNKNOWN_FILE_EXTENSION/,
    clue: (_match, _place, program) => ({
      why: "this Node does not run TypeScript",
      ...namedScript(program),
      hint: "Build it to JavaScript and name the built file in 'args', or run it with Node 22.18 or newer.",
    }),
  },
  {
    pattern: /Cannot find (?:package|module) '([^']+)'/,
    clue: (match) => missingModule(match[1] ?? ""),
  },
  {
    pattern: /No module named '([^']+)'/,
    clue: ([, name]) => ({
      why: `its module '${name}' is not installed for the Python that runs it`,
      hint: "Install it there, put it into the extension's folder, or name that Python in 'command'.",
    }),
  },
  {
    pattern: /defined but never served/,
    clue: () => ({
      hint: "Hand the extension to serve, at the end of the file: serve(defineExtension({ ... })).",
    }),
  },
  {
    pattern: /"Content-Length|JSONDecodeError: Expecting value: line 1 column 1 \(char 0\)/,
    clue: () => JSON_LINES,
  },
  {
    pattern: /\b(?:SyntaxError|IndentationError|TabError)\b/,
    clue: (_, place) => ({
      hint: place === undefined ? "Correct its syntax." : `Correct the syntax at ${placeOf(place)}.`,
    }),
  },
];

/** The name of the script that a command runs, as evidence. */
function namedScript(program: Program): Clue {
  const script = scriptOf(program);
  return script ? { evidence: JSON.stringify(basename(script.path)) } : {};
}

function missingModule(name: string): Clue {
  const isPath = /^(?:\.|\/|file:)/.test(name);
  const why = isPath ? "a file that it imports does not exist" : `'${name}' is not installed for it`;
  const hint = isPath
    ? "Correct the path of the import; with ECMAScript modules it has to end in .js."
    : `Run: npm install ${name} in its folder, or bundle it into one file (esbuild --bundle --platform=node).`;
  return { why, hint };
}

/** Looks for the cause in the last lines that a process wrote, and for the line of its own code that they name. */
export function clueIn(lines: readonly string[], program: Program): Clue | undefined {
  const text = lines.join("\n");
  const place = ownPlace(lines, program.cwd);
  for (const { pattern, clue } of KNOWN) {
    const match = pattern.exec(text);
    if (!match) continue;
    const found = clue(match, place, program);
    if (found.evidence !== undefined) return found;
    const evidence = place ?? importOf(match, program) ?? definition(program) ?? match[0];
    return { ...found, evidence };
  }
  if (place === undefined) return undefined;
  return {
    hint: `Look at ${placeOf(place)}, or start its command by hand in its folder.`,
    evidence: place,
  };
}

/** The line of the script that names what could not be found. */
function importOf(match: RegExpExecArray, program: Program): string | undefined {
  const script = scriptOf(program);
  const name = match[1];
  if (!script || name === undefined) return undefined;
  return lineWith(script, program.cwd, new RegExp(`\\b(?:import|require|from)\\b.*${escaped(name)}`));
}

/** The line at which an extension is defined with the SDK. */
function definition(program: Program): string | undefined {
  const script = scriptOf(program);
  return script && lineWith(script, program.cwd, /\bdefine(?:Hook|Extension)\(/);
}

function escaped(text: string): string {
  return text.slice(0, 200).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

const NODE_PLACE = /^(?:\s+at (?:.*\()?)?((?:file:\/\/)?\/[^()]+?):(\d+)(?::\d+)?\)?$/;
const PYTHON_PLACE = /^\s*File "([^"]+)", line (\d+)/;

/** The line of the extension's own code that a stack names: the innermost one. */
function ownPlace(lines: readonly string[], cwd: string): string | undefined {
  const python = lines.map((line) => PYTHON_PLACE.exec(line)).filter((match) => match !== null);
  const node = lines.map((line) => NODE_PLACE.exec(line)).filter((match) => match !== null);
  for (const [, path = "", line = ""] of [...python.reverse(), ...node]) {
    const file = pathOf(path);
    if (file !== undefined && isInside(cwd, file) && !/[/\\](?:node_modules|site-packages)[/\\]/.test(file))
      return placeInFile(file, cwd, Number(line));
  }
  return undefined;
}

function pathOf(text: string): string | undefined {
  try {
    return text.startsWith("file:") ? fileURLToPath(text) : text;
  } catch {
    return undefined;
  }
}

const STAYS = "An extension reads standard input until the host says shutdown";
const ENDS = /\b(?:process\.exit|sys\.exit|os\._exit|exit)\(/;

/** The cause of an end without an error: the program had nothing to wait for, or ends itself. */
export function endedClue(program: Program): Clue {
  const script = scriptOf(program);
  if (!script) return { hint: `${STAYS}: look for what ends it.` };
  const { cwd } = program;
  const ends = exitLine(program);
  if (ends) return ends;
  const reads = lineWith(script, cwd, /\bstdin\b/);
  if (reads !== undefined) return { hint: `${STAYS}: look for what ends it.`, evidence: reads };
  const file = basename(script.path);
  return {
    why: `${file} never reads standard input`,
    hint: `${STAYS}: read messages from it and answer them, or call serve of the SDK.`,
    evidence: lineWith(script, cwd, /__name__/) ?? `no "stdin" in ${file}`,
  };
}

/** The line of its script that ends a program. */
export function exitLine(program: Program): Clue | undefined {
  const script = scriptOf(program);
  const evidence = script && lineWith(script, program.cwd, ENDS);
  if (evidence === undefined) return undefined;
  return { hint: `${STAYS}: look at ${placeOf(evidence)}, which ends it.`, evidence };
}

/** The `file:line` of a place with its line. */
function placeOf(evidence: string): string {
  return evidence.split(": ", 1)[0] ?? evidence;
}
