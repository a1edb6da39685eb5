import { contentOf } from "../files.js";
import type { Field, Value } from "../model.js";
import { keptByName } from "../remembered.js";
import type { Walk } from "../walk.js";
import { inAwk } from "./awk.js";
import { INTERPRETERS, readInterpreter, type Interpreter } from "./interpreters.js";
import type { Launch } from "./launch.js";
import { scanCode } from "./scan.js";

const interpreterOf = keptByName((name): Interpreter | undefined =>
  INTERPRETERS.find(({ names }) => names.test(name)),
);
const isAwk = keptByName((name) => /^[gmn]?awk$|^busybox awk$/.test(name));

/** What the code of an interpreter starts, in a flag or on standard input, and the program in its file. */
export function inCode(name: string, args: readonly Field[], walk: Walk): readonly Launch[] {
  if (isAwk(name)) return inAwk(args, walk);
  if (name === "java") return inJar(args);
  const own = interpreterOf(name);
  if (!own) return [];
  const { codes, rest } = readInterpreter(args, own);
  if (codes.length > 0) return codes.flatMap(({ text }) => scanCode(text, rest, own.hasBackticks));
  const [file] = rest;
  if (!file || file.text === "-")
    return own.isEditor ? [] : scanCode(walk.input.text, rest.slice(1), own.hasBackticks);
  // What a script is called says more than who runs it: `python manage.py flush`, `php artisan db:wipe`.
  return [{ words: file.text === "django" ? [{ ...file, text: "django-admin" }, ...rest.slice(1)] : rest }];
}

function inJar(args: readonly Field[]): Launch[] {
  const at = args.findIndex((arg) => arg.text === "-jar");
  return at < 0 || at + 1 >= args.length ? [] : [{ words: args.slice(at + 1) }];
}

/** True if an interpreter was given no code and no file, so that it runs what it reads. */
export function runsItsInput(name: string, args: readonly Field[]): boolean {
  const own = interpreterOf(name);
  if (!own || own.isEditor) return false;
  const { codes, rest } = readInterpreter(args, own);
  return codes.length === 0 && rest.every((field) => field.text === "-");
}

const EVALS =
  /(?<![\w$.])(?:eval|exec|execfile|Function|instance_eval|class_eval)\b|\bvm\.run\w+|\bcreate_function\b|\(eval\)/;
const DOWNLOADS =
  /\burlopen\b|\b(?:requests|httpx|session|client|axios|got|http|https|LWP::Simple)\.get\b|\bfetch\s*\(|\bURI\.open\b|\bopen\s*\(?\s*["']https?:|\bNet::HTTP\b|\bfile_get_contents\s*\(\s*["']https?:|\bget\s*\(?\s*["']https?:|\bcurl_exec\b|\bHTTP::Tiny\b/;

/** True if the code of a one-liner runs what it downloads. */
export function runsRemoteCode(name: string, args: readonly Field[], input: Value): boolean {
  const own = interpreterOf(name);
  if (!own || own.isEditor) return false;
  const { codes } = readInterpreter(args, own);
  const given = runsItsInput(name, args) ? input.text : codes.map(({ text }) => text).join("\n");
  const code = given.slice(0, 20_000);
  return EVALS.test(code) && DOWNLOADS.test(code);
}

const OTHER_LANGUAGE = /\.(?:py|[cm]?[jt]sx?|rb|pl|php|lua|awk|exp)$/;

/** What a file starts that this command line wrote: as shell text, unless its name or its first line says otherwise, and as code. */
export function inOwnFile(
  command: Field,
  rest: readonly Field[],
  walk: Walk,
): { readonly content: Value; readonly list: readonly Launch[] } | undefined {
  if (!command.text.includes("/") && !OTHER_LANGUAGE.test(command.text)) return undefined;
  const content = contentOf(command.text, walk.scope);
  if (!content) return undefined;
  const isOther =
    OTHER_LANGUAGE.test(command.text) || /^#!.*(?:python|node|perl|ruby|php|deno|bun)/.test(content.text);
  const list: readonly Launch[] =
    content.text === ""
      ? []
      : [...(isOther ? [] : [{ script: content }]), ...scanCode(content.text, rest, isOther)];
  return { content, list };
}
