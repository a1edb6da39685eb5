import { readArgs, texts } from "../args.js";
import type { Field, Invocation } from "../model.js";
import type { Place } from "../paths.js";
import { ENVIRONMENT, SECRET_STORE } from "../sources.js";
import { isHomeFolder, isSecretPath, resolvePath } from "@synaps/guards/paths";
import type { Rule } from "./rule.js";
import { absolute } from "./targets.js";
import { OWN_OPTIONS, SENDERS } from "./tables/senders.js";
import { isTrial } from "./words.js";

/** The own machine, also as its containers see it. */
const LOCAL =
  /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal)(?::|\/|$)|^\/|^:\d/i;
const ADDRESS = /^(?:[a-z]+:\/\/|[\w-]+(?:\.[\w-]+)+(?::\d+)?\/|localhost|\$)/i;

function sentBy(invocation: Invocation): readonly (Field | string)[] {
  const { name, args, input, redirections } = invocation;
  const toSocket = redirections.some(
    ({ target, writes }) => writes && /^\/dev\/(?:tcp|udp)\//.test(target.text),
  );
  const sender = Object.hasOwn(SENDERS, name) ? SENDERS[name] : undefined;
  if (toSocket) return [...(input.sources ?? []), ...args];
  if (!sender || isTrial(args)) return [];
  const words = texts(args);
  if (sender.verbs && !words.some((word) => sender.verbs?.test(word))) return [];
  const own = [...OWN_OPTIONS, ...(sender.own ?? [])];
  const parsed = readArgs(
    args,
    [...own, ...(sender.flags ?? [])].filter((flag) => flag.length === 2),
  );
  const known = [...parsed.operands];
  const skipped = new Set(args.filter((_, index) => own.includes(words[index - 1] ?? "")));
  const flagged = args.filter(
    (arg, index) =>
      sender.flags?.includes(words[index - 1] ?? "") ||
      sender.flags?.some((flag) => arg.text.startsWith(flag.length > 2 ? `${flag}=` : flag)),
  );
  const operands = sender.operands ? known.filter((field) => !skipped.has(field)) : [];
  if (HTTP.test(name) && isLocal([...operands, ...flagged])) return [];
  const fedByFlag = flagged.some(({ text }) => /@-|^-$|^@?\/dev\/stdin$|=-$|-T-$/.test(text));
  const fed = sender.input === true || fedByFlag ? (input.sources ?? []) : [];
  return [...outgoing(name, operands), ...flagged, ...fed];
}

const HTTP = /^(?:curl|curlie|wget|https?|xh)$/;

/** True if all addresses of a request are of this machine. */
function isLocal(fields: readonly Field[]): boolean {
  const addresses = fields.map(({ text }) => text).filter((text) => ADDRESS.test(text) || LOCAL.test(text));
  return addresses.length > 0 && addresses.every((address) => LOCAL.test(address));
}

/** Copies go to the last operand; with a local one nothing leaves the machine. */
function outgoing(name: string, operands: readonly Field[]): readonly Field[] {
  // Paths in a command for another machine are files there. What it was put together from is sent.
  if (name === "ssh") return operands.map((field) => ({ ...field, text: "" }));
  if (!/^(?:scp|rsync)$/.test(name)) return operands;
  const last = operands[operands.length - 1]?.text ?? "";
  return /^[^/]+:|^(?:rsync|scp|sftp):\/\//.test(last) || last.startsWith("$") ? operands.slice(0, -1) : [];
}

/** The secret that something sent holds or is read from. */
function secretOf(item: Field | string, invocation: Invocation, place: Place): string | undefined {
  if (typeof item !== "string") {
    const source = (item.sources ?? [])
      .map((path) => secretOf(path, invocation, place))
      .find((found) => found !== undefined);
    if (source !== undefined) return source;
    if (item.content?.sources)
      return item.content.sources
        .map((path) => secretOf(path, invocation, place))
        .find((found) => found !== undefined);
    return filesIn(item.text, invocation.name)
      .map((text) => pathOf(text, invocation, place))
      .find((found) => found !== undefined);
  }
  if (item === ENVIRONMENT || item === SECRET_STORE) return item;
  return item.startsWith("?") ? undefined : pathOf(item, invocation, place);
}

/** `key=@~/.ssh/id_rsa;type=x`, `-d@.env`, `-T.env` for requests; what is no file there is only text. */
function filesIn(text: string, name: string): string[] {
  // Words for another machine name files there.
  if (name === "ssh") return [];
  if (!HTTP.test(name)) return text.split(/[@=<;,\s]+/);
  const marked = [...text.slice(0, 4_000).matchAll(/(?:^(?:-[dF])?|[=\w])[@<]([^;,]+)/g)].map(
    (match) => match[1] ?? "",
  );
  const whole = text.replace(/^(?:-T|--(?:upload|post|body)-file=)/, "");
  return /^[/~.]|^-/.test(text) || whole !== text ? [...marked, whole] : marked;
}

function pathOf(text: string, invocation: Invocation, place: Place): string | undefined {
  if (text === "" || text.startsWith("-") || /^[a-z]+:\/\//.test(text)) return undefined;
  const path =
    text.startsWith("/") || text.startsWith("~")
      ? resolvePath(text, "/", place.home)
      : absolute({ text, dynamic: false, origin: "literal", glob: false }, invocation, place);
  const isAll = isHomeFolder(path, place.home) && /[/~]/.test(text) && !/^[\w.-]+$/.test(text);
  return isAll || isSecretPath(path, place.home) || isFolderOfSecrets(path, place) ? text : undefined;
}

/** A folder that keeps secrets among other things. */
const isFolderOfSecrets = (path: string, place: Place): boolean =>
  place.home !== null &&
  [".aws", ".kube", ".docker", ".config", ".config/gh", ".cargo"].some(
    (name) => path === `${place.home ?? ""}/${name}`,
  );

const MARKED: Readonly<Record<string, string>> = {
  [ENVIRONMENT]: "the environment",
  [SECRET_STORE]: "what a store of secrets gives",
};

const REQUEST =
  /\brequests\.(?:post|put|request)|\burlopen\b|\bfetch\s*\(|\bhttps?\.request|\baxios\b|\bNet::HTTP|\bhttpx\.|\bsocket\b|\bcurl_exec\b|\bsendall\b/;

/** Files that the code of a one-liner names, if it also sends something. */
function sentByCode({ name, args, input }: Invocation): string[] {
  if (!/^(?:python[\d.]*|node|bun|deno|ruby|perl|php)$/.test(name)) return [];
  const code = [...texts(args), input.text].join("\n").slice(0, 20_000);
  if (!REQUEST.test(code)) return [];
  const named = [...code.matchAll(/["'`]([^"'`\n]{1,200})["'`]/g)].map((match) => match[1] ?? "");
  return named.filter((text) => !text.startsWith("?") && !text.includes("://")).slice(0, 32);
}

function deletesRemotely({ name, args }: Invocation): string | undefined {
  const words = texts(args);
  if (/^(?:curl|curlie)$/.test(name)) {
    const method = readArgs(args, ["-X", "-H", "-d", "-o", "-u"]).values;
    const verb = method.get("-X")?.text ?? methodAfter(words, "--request");
    return /^(?:DELETE|PURGE)$/i.test(verb ?? "") ? targetOf(words) : undefined;
  }
  if (name === "wget")
    return /^DELETE$/i.test(methodAfter(words, "--method") ?? "") ? targetOf(words) : undefined;
  return /^(?:https?|xh|xhs)$/.test(name) && words.some((word) => /^DELETE$/i.test(word))
    ? targetOf(words.filter((word) => !/^DELETE$/i.test(word)))
    : undefined;
}

const methodAfter = (words: readonly string[], flag: string): string | undefined => {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  return at < 0 ? undefined : words[at]?.includes("=") ? words[at]?.split("=")[1] : words[at + 1];
};

/** The first address that is not of this machine. */
const targetOf = (words: readonly string[]): string | undefined =>
  words.find(
    (word, index) =>
      !word.startsWith("-") &&
      !/^-(?:[HduoXbAe]|-(?:header|data\S*|user|output|request|method))$/.test(words[index - 1] ?? "") &&
      ADDRESS.test(word) &&
      !LOCAL.test(word),
  );

export const NETWORK: readonly Rule[] = [
  {
    id: "secret-upload",
    severity: "confirm",
    about: "sending keys, credentials or the environment to another machine, also through a pipe",
    remedy: "Send only what is needed, never a key file.",
    match(invocation, place) {
      const secret = [...sentBy(invocation), ...sentByCode(invocation)]
        .map((item) => secretOf(item, invocation, place))
        .find((found) => found !== undefined);
      return secret === undefined
        ? undefined
        : `it sends ${MARKED[secret] ?? `'${secret}'`} to another machine`;
    },
  },
  {
    id: "http-delete",
    severity: "confirm",
    about: "`curl -X DELETE` and the like against another machine",
    remedy: "Show what the address holds first (`GET`), and let the user delete it.",
    isAbout: (name) => /^(?:curl|curlie|wget|https?|xh|xhs)$/.test(name),
    match(invocation) {
      const target = deletesRemotely(invocation);
      return target && `it asks '${target}' to delete something`;
    },
  },
];
