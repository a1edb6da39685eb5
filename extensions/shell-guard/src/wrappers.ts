import { baseName, dynamic, literal, type Field, type Value } from "./model.js";
import type { Walk } from "./walk.js";

interface Wrapper {
  /** Short flags that take a value. */
  readonly valued?: string;
  /** Long flags that take the next word. */
  readonly long?: readonly string[];
  /** Words of its own before the command starts. */
  readonly skip?: number;
}

/** Programs that run the rest of their words as a command. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: { valued: "ugpCchrRtTUD", long: ["--user", "--group", "--chdir", "--host", "--prompt"] },
  doas: { valued: "uC" },
  pkexec: { long: ["--user"] },
  run0: {},
  env: { valued: "uCP", long: ["--unset", "--chdir"] },
  nohup: {},
  setsid: {},
  time: { valued: "fo" },
  nice: { valued: "n", long: ["--adjustment"] },
  ionice: { valued: "cnp" },
  chrt: { valued: "pTPD", skip: 1 },
  taskset: { skip: 1 },
  timeout: { valued: "ks", long: ["--signal", "--kill-after"], skip: 1 },
  gtimeout: { valued: "ks", skip: 1 },
  stdbuf: { valued: "ioe" },
  unbuffer: {},
  command: {},
  builtin: {},
  exec: { valued: "a" },
  busybox: {},
  toybox: {},
  chroot: { skip: 1 },
  unshare: {},
  strace: { valued: "eopsPuE" },
  ltrace: { valued: "eopsu" },
  flock: { valued: "wE", skip: 1 },
  caffeinate: { valued: "tw" },
  "xvfb-run": { valued: "nse" },
  "systemd-run": { valued: "pEu" },
  npx: { valued: "pc", long: ["--package"] },
  bunx: {},
  uvx: {},
  noglob: {},
  nocorrect: {},
  proxychains: {},
  torsocks: {},
  rlwrap: {},
  dotenv: {},
};

/** Package managers that run a program: the word after their name says so. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  pnpm: ["exec", "dlx"],
  yarn: ["exec", "dlx"],
  npm: ["exec", "x"],
  bun: ["x"],
  bundle: ["exec"],
  poetry: ["run"],
  uv: ["run"],
  pipenv: ["run"],
  direnv: ["exec"],
  aws_vault: ["exec"],
};

export interface Unwrapped {
  readonly words: readonly Field[];
  readonly changes?: Partial<Walk>;
  readonly also?: readonly Value[];
}

/** The command inside a wrapper, or undefined when the program is no wrapper. */
export function unwrap(name: string, args: readonly Field[], walk: Walk): Unwrapped | undefined {
  if (name === "xargs" || name === "parallel") return fed(name, args, walk);
  const runner = RUNNERS[name];
  if (runner?.includes(args[0]?.text ?? "")) return skipOptions(args.slice(1), {});
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (!wrapper) return undefined;
  if (name === "command" && /^-[vV]/.test(args[0]?.text ?? "")) return undefined;
  const split = args.findIndex((arg) => arg.text === "-S" || arg.text.startsWith("--split-string"));
  if (name === "env" && split >= 0) {
    const joined = args
      .slice(split)
      .map((arg) => arg.text.replace(/^(?:-S|--split-string=?)/, ""))
      .join(" ");
    return { words: [literal("true")], also: [literal(joined)] };
  }
  return skipOptions(args, wrapper);
}

function skipOptions(args: readonly Field[], wrapper: Wrapper): Unwrapped | undefined {
  let index = 0;
  for (; index < args.length; index += 1) {
    const text = args[index]?.text ?? "";
    if (text === "--") {
      index += 1;
      break;
    }
    if (/^\w+=/.test(text)) continue;
    if (!text.startsWith("-")) break;
    const takesNext = text.startsWith("--")
      ? wrapper.long?.includes(text)
      : text.length === 2 && wrapper.valued?.includes(text[1] ?? "?");
    if (takesNext) index += 1;
  }
  const words = args.slice(index + (wrapper.skip ?? 0));
  // `flock file -c text` takes a script instead of a command.
  return words.length > 0 && words[0]?.text !== "-c" ? { words } : undefined;
}

const XARGS: Wrapper = {
  valued: "aEIiLlnPsdj",
  long: ["--max-args", "--max-procs", "--delimiter", "--arg-file", "--jobs", "--replace"],
};

/** `xargs` and `parallel`: the words come from stdin, so unknown ones get a name below their known folder. */
function fed(name: string, args: readonly Field[], walk: Walk): Unwrapped | undefined {
  const cut = name === "parallel" ? args.findIndex((arg) => arg.text.startsWith(":::")) : -1;
  const inner = skipOptions(cut < 0 ? args : args.slice(0, cut), XARGS);
  if (!inner) return undefined;
  const items = cut < 0 ? itemsOf(walk.input) : args.slice(cut + 1);
  const placeholder = inner.words.some((word) => word.text.includes("{}"));
  const replaced = /^-I(.*)$/.exec(args.find((arg) => arg.text.startsWith("-I"))?.text ?? "");
  const marker = replaced
    ? replaced[1] || args[args.findIndex((arg) => arg.text === "-I") + 1]?.text || "{}"
    : "{}";
  if (placeholder || replaced) {
    const words = inner.words.flatMap((word) =>
      word.text.includes(marker)
        ? items.map((item) => ({ ...item, text: word.text.replaceAll(marker, item.text) }))
        : [word],
    );
    return { words: withScript(words, items) };
  }
  return { words: [...inner.words, ...items] };
}

/** A bare `xargs sh -c`: the first word of stdin would be the script. */
const withScript = (words: readonly Field[], items: readonly Field[]): readonly Field[] =>
  baseName(words[0]?.text ?? "") === "" ? [...items] : words;

function itemsOf(input: Value): Field[] {
  if (input.roots) return input.roots.map((root) => dynamic(`${root}/$item`));
  const known = input.text.split(/\s+/).filter((word) => word !== "");
  if (known.length > 0 && !input.text.startsWith("$"))
    return known.slice(0, 64).map((text) => ({ ...input, text, glob: false }));
  return [{ ...dynamic("./$item"), origin: input.origin }];
}
