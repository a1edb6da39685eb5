/** A colour that an extension brings for the program's theme. */
export interface ThemeToken {
  /** `<extension>.<name>`: no two extensions share one. */
  token: string;
  extension: string;
  name: string;
  /** As `#rrggbb`, lower case. */
  colour: string;
}

/** Tokens of one extension, from its checked manifest. */
export function themeTokens(extension: string, tokens: Readonly<Record<string, string>>): ThemeToken[] {
  return Object.entries(tokens).map(([name, colour]) => ({
    token: `${extension}.${name}`,
    extension,
    name,
    colour: sixDigits(colour.trim().toLowerCase()),
  }));
}

function sixDigits(colour: string): string {
  return colour.length === 4 ? colour.replace(/[0-9a-f]/g, "$&$&") : colour;
}
