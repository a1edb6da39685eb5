const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36 } as const;

export type Style = keyof typeof CODES;
export type Paint = (style: Style, text: string) => string;

/** Colour for a terminal; FORCE_COLOR, then NO_COLOR and TERM=dumb have their say first. */
export function wantsColor(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR: force = "", NO_COLOR: never = "", TERM: term } = env;
  if (force !== "") return force !== "0" && force !== "false";
  return never === "" && term !== "dumb" && isTerminal;
}

export function createPaint(color: boolean): Paint {
  return color ? (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m` : (_style, text) => text;
}
