import { parse, type ParsedScript } from "unbash";

export interface Parsed {
  readonly script: ParsedScript;
  readonly source: string;
  /** The parser had to guess: the tree is only part of what a shell may see. */
  readonly broken: boolean;
}

/** Parses shell text. Never throws: a failure inside the parser counts as a broken script. */
export function parseScript(source: string): Parsed {
  try {
    const script = parse(source);
    return { script, source, broken: (script.errors?.length ?? 0) > 0 };
  } catch {
    return {
      script: { type: "Script", pos: 0, end: 0, shebang: undefined, commands: [] },
      source,
      broken: true,
    };
  }
}
