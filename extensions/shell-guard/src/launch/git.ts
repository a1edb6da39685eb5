import { readArgs } from "../args.js";
import { joinWords, literal, type Field } from "../model.js";
import type { Launch } from "./launch.js";

/** Settings whose value git runs: as a shell text, or as one only behind a `!`. */
const RUN_SETTING =
  /^(?:core\.(?:pager|editor|sshcommand|askpass|fsmonitor|gitproxy|hookspath)|pager\.[\w.-]+|sequence\.editor|diff\.external|diff\.[\w.-]+\.(?:command|textconv)|merge\.[\w.-]+\.driver|filter\.[\w.-]+\.(?:clean|smudge|process)|(?:diff|merge)tool\.[\w.-]+\.cmd|gpg\.program|ssh\.variant|uploadpack\.packobjectshook|interactive\.difffilter|remote\.[\w.-]+\.(?:uploadpack|receivepack)|trailer\.[\w.-]+\.(?:command|cmd))$/i;
const BANG_SETTING = /^(?:alias\.[\w-]+|credential(?:\.\S+)?\.helper|submodule\.[\w./-]+\.update)$/i;

/** Flags of single verbs whose value is a shell text. */
const SCRIPT_FLAGS: Readonly<Record<string, readonly string[]>> = {
  rebase: ["-x", "--exec"],
  "filter-branch": ["--tree-filter", "--index-filter", "--env-filter", "--msg-filter", "--parent-filter", "--commit-filter", "--tag-name-filter", "--setup"],
  difftool: ["-x", "--extcmd"],
  grep: ["-O", "--open-files-in-pager"],
  fetch: ["--upload-pack"],
  pull: ["--upload-pack"],
  clone: ["-u", "--upload-pack"],
  push: ["--receive-pack", "--exec"],
  "ls-remote": ["--upload-pack", "--exec"],
  archive: ["--exec"],
}; // prettier-ignore

/** The commands that git starts: aliases, pagers and hooks given as settings, and those of verbs such as `bisect run`. */
export function startedByGit(args: readonly Field[]): Launch[] {
  const launches: Launch[] = [];
  let index = 0;
  for (; args[index]?.text.startsWith("-"); index += 1) {
    const text = args[index]?.text ?? "";
    if (text === "-c" || text === "--config-env") {
      const setting = /^([^=]+)=(.*)$/s.exec(args[index + 1]?.text ?? "");
      if (setting) launches.push(...ofSetting(setting[1] ?? "", setting[2] ?? ""));
    }
    if (/^(?:-C|-c|--config-env|--git-dir|--work-tree|--namespace|--exec-path)$/.test(text)) index += 1;
  }
  const verb = args[index]?.text ?? "";
  return [...launches, ...ofVerb(verb, args.slice(index + 1))];
}

function ofSetting(key: string, value: string): Launch[] {
  const script = RUN_SETTING.test(key)
    ? value.replace(/^!/, "")
    : BANG_SETTING.test(key) && value.startsWith("!")
      ? value.slice(1)
      : "";
  return script === "" ? [] : [{ script: literal(script) }];
}

function ofVerb(verb: string, rest: readonly Field[]): Launch[] {
  const operands = readArgs(rest, ["-f", "--file"]).operands;
  const flags = SCRIPT_FLAGS[verb];
  if (flags) return flagScripts(rest, flags);
  if (verb === "config") {
    const [key, value] = /^(?:set|add)$/.test(operands[0]?.text ?? "") ? operands.slice(1) : operands;
    return key && value ? ofSetting(key.text, value.text) : [];
  }
  if (verb === "submodule" && operands[0]?.text === "foreach") {
    const at = rest.findIndex((word) => word.text === "foreach");
    const from = rest.findIndex((word, place) => place > at && !word.text.startsWith("-"));
    return from < 0 ? [] : [{ script: joinWords(rest.slice(from)) }];
  }
  if (verb === "bisect" && operands[0]?.text === "run")
    return [{ words: rest.slice(rest.findIndex((word) => word.text === "run") + 1) }];
  if (verb === "for-each-repo") {
    const from = rest.findIndex((word) => !word.text.startsWith("-"));
    return from < 0 ? [] : [{ words: [literal("git"), ...rest.slice(from)] }];
  }
  return [];
}

function flagScripts(words: readonly Field[], flags: readonly string[]): Launch[] {
  return words.flatMap((word, index) => {
    const { text } = word;
    const next = words[index + 1];
    if (flags.includes(text)) return next ? [{ script: next }] : [];
    const flag = flags.find((one) =>
      one.startsWith("--") ? text.startsWith(`${one}=`) : text.startsWith(one) && !text.startsWith("--"),
    );
    return flag === undefined
      ? []
      : [{ script: { ...word, text: text.slice(flag.length).replace(/^=/, "") } }];
  });
}
