import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HOST_ERROR_CODES } from "@synaps/host";
import { ABSTENTION_REASONS, WIRE_ERRORS } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";
import { verifies } from "../requirements/verifies.js";
import { foldersIn, sourcesIn } from "./sources.js";

const { CHECK_CODES, COMMAND_CODES } = (await import(repo("scripts/error-codes.mjs"))) as Record<
  "CHECK_CODES" | "COMMAND_CODES",
  Record<string, string>
>;

// The guards raise none; what they look for resembles codes.
const sources = sourcesIn(
  foldersIn("packages")
    .filter((name) => name !== "guards")
    .map((name) => `packages/${name}/src`),
);

/** Capital letters with underscores in a string: a code, or the name of a variable of the environment. */
const LIKE_A_CODE = /["'`]([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)["'`]/g;
/** The same in places where only a code stands, so that one word is enough. */
const CODE_IN_PLACE = /(?:\bcode(?::|\s*===?)\s*|new (?:Cli|Host)Error\(\s*)"([A-Z][A-Z0-9_]*)"/g;
/** Variables of the environment. */
const VARIABLE = /^(?:SYNAPS_|LLMSPELL_|XDG_|LC_|AWS_|NO_COLOR$|FORCE_COLOR$)|_API_KEY$/;
/** Codes of Node, and the first halves of codes that are joined: COMMAND_NOT_DECLARED, EDITOR_NOT_DECLARED. */
const NOT_OURS = /^(?:ERR_|E[A-Z]+$|ABORT_ERR$|COMMAND$|EDITOR$)/;

const used = new Set(
  sources.flatMap(({ code }) =>
    [...code.matchAll(LIKE_A_CODE), ...code.matchAll(CODE_IN_PLACE)].map(([, one = ""]) => one),
  ),
);
const codes = [...used].filter((one) => !VARIABLE.test(one) && !NOT_OURS.test(one));
const tables = { ...HOST_ERROR_CODES, ...COMMAND_CODES, ...CHECK_CODES };

describe(verifies("DOC-013") + "docs/errors.md", () => {
  const page = readFileSync(repo("docs/errors.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, code = ""]) => code);

  it("lists every code that stands in the sources", () => {
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.filter((code) => !listed.includes(code)).sort()).toEqual([]);
  });

  it("lists no code that nobody uses", () => {
    const text = sources.map(({ code }) => code).join("\n");
    const declared = (code: string): boolean => Object.hasOwn(HOST_ERROR_CODES, code);
    const inUse = (code: string): boolean =>
      (declared(code) ? text.split(code).length > 2 : used.has(code)) || used.has(code.split("_")[0] ?? "");
    expect(Object.keys(tables).filter((code) => !inUse(code))).toEqual([]);
  });

  it("lists the reasons of abstentions and the errors of the wire", () => {
    expect(listed).toEqual(expect.arrayContaining(Object.keys({ ...ABSTENTION_REASONS, ...WIRE_ERRORS })));
    const all = [HOST_ERROR_CODES, COMMAND_CODES, CHECK_CODES, ABSTENTION_REASONS, WIRE_ERRORS];
    expect(listed).toEqual(all.flatMap((table) => Object.keys(table)));
  });

  it("is what the generator writes", () => {
    const fresh = join(tempDir(), "errors.md");
    execFileSync(process.execPath, [repo("scripts/generate-errors.mjs"), fresh]);
    const plain = (text: string): string => text.replaceAll(/[ -]+/g, " ");
    expect(plain(page)).toBe(plain(readFileSync(fresh, "utf8")));
  });
});
