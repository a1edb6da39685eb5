import { has, readArgs, texts } from "../args.js";
import { literal, type Field, type Invocation } from "../model.js";
import { classifyPath, type PathClass, type Place } from "../paths.js";
import { lastKept } from "../remembered.js";
import type { Rule } from "./rule.js";
import { isTrial } from "./words.js";

/** A folder of another machine, as rsync and scp write it. */
const REMOTE = /^(?:[\w.@-]+:|rsync:\/\/)/;
const PYTHON = /^python[\d.]*$/;
const WORST: readonly PathClass[] = ["root", "system", "home"];
const FAR: readonly PathClass[] = [...WORST, "outside"];

/** The local folder that a sync makes equal to its source, deleting what is only there. */
const mirrored = lastKept(({ name, args }: Invocation): Field | undefined => {
  const parsed = readArgs(args, ["-e", "-f", "-T", "-B", "-M"]);
  const words = texts(args);
  const last = parsed.operands[parsed.operands.length - 1];
  switch (name) {
    case "rsync":
    case "openrsync":
      return [...parsed.flags].some((flag) => /^--del(?:ete)?(?:-|$)/.test(flag)) &&
        !has(parsed, "-n", "--dry-run")
        ? last
        : undefined;
    case "robocopy":
      return words.some((word) => /^\/(?:mir|purge)$/i.test(word)) ? parsed.operands[1] : undefined;
    case "mirror":
      return parsed.operands[1];
    case "unison":
    case "fpsync":
    case "csync2":
      return has(parsed, "-f", "-force", "--force") || words.includes("-force") || words.includes("-batch")
        ? last
        : undefined;
    case "lftp":
      return words.some((word) => /\bmirror\b/.test(word) && /--delete|\s-e\b/.test(word))
        ? literal(words.some((word) => /\s-R\b|--reverse/.test(word)) ? "server:folder" : ".")
        : undefined;
    default:
      return undefined;
  }
});

const MIRRORS = new Set("rsync openrsync robocopy mirror unison fpsync csync2 lftp".split(" "));
const UNPACKERS = new Set(
  "tar gtar bsdtar unzip 7z 7za 7zz 7zr unrar rar cpio pax jar ar dpkg-deb dpkg ditto cabextract unsquashfs innoextract".split(
    " ",
  ),
);

/** The folder that an archive is unpacked into. */
function unpackedInto({ name, args }: Invocation): Field | undefined {
  const words = texts(args);
  const here = literal(".");
  const parsed = readArgs(
    args,
    ["-C", "-f", "-d", "-D", "-I", "-x"].filter((flag) => flag !== "-x" || name === "unzip"),
  );
  switch (name) {
    case "tar":
    case "gtar":
    case "bsdtar": {
      const extracts = words.some(
        (word, index) =>
          /^--(?:extract|get)$/.test(word) ||
          (/^-[a-zA-Z]*x/.test(word) && !/^-[CfIT]/.test(word)) ||
          (index === 0 && /^[a-zA-Z]*x[a-zA-Z]*$/.test(word)),
      );
      if (!extracts || has(parsed, "-O", "--to-stdout")) return undefined;
      return bundled(args) ?? valueOf(args, /^-[a-zA-Z]*C$/, /^--(?:directory|cd)$/) ?? here;
    }
    case "unzip":
      return has(parsed, "-l", "-t", "-p", "-Z", "-v", "-c") ? undefined : (parsed.values.get("-d") ?? here);
    case "7z":
    case "7za":
    case "7zz":
    case "7zr": {
      const out = args.find((arg) => arg.text.startsWith("-o"));
      return /^[xe]$/.test(words[0] ?? "") ? (out ? { ...out, text: out.text.slice(2) } : here) : undefined;
    }
    case "unrar":
    case "rar":
      return /^[xe]$/.test(words[0] ?? "")
        ? parsed.operands.length > 2
          ? parsed.operands[parsed.operands.length - 1]
          : here
        : undefined;
    case "cpio":
    case "pax":
      return words.some((word) => /^-[a-zA-Z]*[ir]/.test(word) || word === "--extract") &&
        !has(parsed, "-t", "--list")
        ? (parsed.values.get("-D") ?? valueOf(args, /^$/, /^--directory$/) ?? here)
        : undefined;
    case "jar":
      return /^-?[a-z]*x/.test(words[0] ?? "") ? (parsed.values.get("-C") ?? here) : undefined;
    case "ar":
      return /^-?x/.test(words[0] ?? "") ? here : undefined;
    case "dpkg-deb":
    case "dpkg": {
      const at = words.findIndex((word) => /^(?:-x|-X|--extract|--vextract|-R|--raw-extract)$/.test(word));
      return at < 0 ? undefined : args[at + 2];
    }
    case "ditto":
      return words.some((word) => /^-\w*x/.test(word))
        ? parsed.operands[parsed.operands.length - 1]
        : undefined;
    case "cabextract":
    case "unsquashfs":
    case "innoextract":
      return parsed.values.get("-d") ?? here;
    default:
      return PYTHON.test(name) && /-m (?:zipfile|tarfile) (?:-e|--extract) /.test(words.join(" "))
        ? (args[args.length - 1] ?? here)
        : undefined;
  }
}

/** `tar xvfC a.tar /srv`: letters without a dash, whose values follow in their order. */
function bundled(args: readonly Field[]): Field | undefined {
  const [first] = args;
  if (!first || !/^[a-zA-Z]+$/.test(first.text)) return undefined;
  const at = [...first.text].filter((letter) => "fbCIKNTVXLgH".includes(letter)).indexOf("C");
  return at < 0 ? undefined : args[at + 1];
}

function valueOf(args: readonly Field[], short: RegExp, long: RegExp): Field | undefined {
  for (const [index, arg] of args.entries()) {
    if (short.test(arg.text) || long.test(arg.text)) return args[index + 1];
    const glued = /^(?:-C|(--[a-z-]+)=)(.+)$/.exec(arg.text);
    if (glued && (glued[1] === undefined ? short.test("-C") : long.test(glued[1])))
      return { ...arg, text: glued[2] ?? "" };
  }
  return undefined;
}

const classOf = (field: Field, invocation: Invocation, place: Place): PathClass =>
  classifyPath(field, invocation.cwd, place);

export const COPIES: readonly Rule[] = [
  {
    id: "sync-over-home",
    severity: "block",
    about: "making `/`, a system folder or a home folder equal to another folder: `rsync --delete x/ ~/`",
    remedy: "Sync into a folder of its own, and try it with `--dry-run` first.",
    isAbout: (name) => MIRRORS.has(name),
    match(invocation, place) {
      const target = isTrial(invocation.args) ? undefined : mirrored(invocation);
      if (!target || invocation.machine === "container") return undefined;
      const isRoot =
        REMOTE.test(target.text) && /^[^:]*:+(?:\/|~\/?|\/(?:etc|usr|home|var|root)\/?)?$/.test(target.text);
      if (isRoot) return `everything that is only in '${target.text}' is deleted there`;
      return !REMOTE.test(target.text) && WORST.includes(classOf(target, invocation, place))
        ? `everything that is only in '${target.text}' is deleted there`
        : undefined;
    },
  },
  {
    id: "sync-outside",
    severity: "confirm",
    about: "making a folder outside the project equal to another one: `rsync --delete`, `robocopy /MIR`",
    remedy: "Try it with `--dry-run` and show what it would delete.",
    isAbout: (name) => MIRRORS.has(name),
    match(invocation, place) {
      const target = isTrial(invocation.args) ? undefined : mirrored(invocation);
      if (!target || invocation.machine !== "here") return undefined;
      if (invocation.name === "lftp" && REMOTE.test(target.text))
        return "what is only on the server is deleted there";
      if (REMOTE.test(target.text)) return undefined;
      return ["outside", "project"].includes(classOf(target, invocation, place))
        ? `what is only in '${target.text}' is deleted there`
        : undefined;
    },
  },
  {
    id: "unpack-outside",
    severity: "confirm",
    about: "unpacking an archive into `/`, a home folder or any folder outside the project",
    remedy: "Unpack it into a folder of the project or a temporary one and look at it first.",
    isAbout: (name) => UNPACKERS.has(name) || PYTHON.test(name),
    match(invocation, place) {
      if (invocation.machine !== "here" || isTrial(invocation.args)) return undefined;
      const target = unpackedInto(invocation);
      return target && FAR.includes(classOf(target, invocation, place))
        ? `it writes over whatever has the same names in '${target.text}'`
        : undefined;
    },
  },
];
