import { isAbsolute, relative } from "node:path";
import type { JsonObject } from "@synaps/sdk/protocol";
import { simpleCommands } from "./simple-commands.js";
import { wildcardMatches } from "./wildcard.js";

const FILE_TOOLS = ["Read", "Edit", "Write", "NotebookEdit"];
const MAX_RULE = 2_000;
/** Each further one multiplies the ways in which a path can fit. */
const MAX_DEEP = 3;

interface Rule {
  readonly tool: string;
  /** Absent for every call of the tool. */
  readonly pattern?: string;
}

/** Returns the reason why a rule is not applied here, or undefined. */
export function ruleProblem(text: string): string | undefined {
  const rule = ruleOf(text);
  if (rule === undefined) return "it is no tool with a pattern in brackets";
  if (rule.pattern === undefined) return undefined;
  if (rule.pattern.split("**").length > MAX_DEEP + 1) return `it has more than ${MAX_DEEP} '**'`;
  if (rule.tool === "Bash" || FILE_TOOLS.includes(rule.tool)) return undefined;
  if (rule.tool === "WebFetch" && rule.pattern.startsWith("domain:")) return undefined;
  return `patterns for '${rule.tool.slice(0, 64)}' are not understood`;
}

/** The part of an event that a rule looks at. */
export interface RuleSubject {
  readonly names: readonly string[];
  readonly input: JsonObject;
  /** Folder that patterns of files start at. */
  readonly folder: string;
}

/** True if the hook may run: the call fits the rule, or the rule is none that is applied here. */
export function fitsRule(text: string, { names, input, folder }: RuleSubject): boolean {
  const rule = ruleOf(text);
  if (rule === undefined) return true;
  const isTool = names.some(
    (name) => wildcardMatches(rule.tool, name) || (isServer(rule.tool) && name.startsWith(`${rule.tool}__`)),
  );
  if (!isTool) return false;
  if (rule.pattern === undefined || ruleProblem(text) !== undefined) return true;
  if (rule.tool === "Bash") return fitsCommand(rule.pattern, input["command"]);
  if (rule.tool === "WebFetch") return fitsDomain(rule.pattern.slice("domain:".length), input["url"]);
  return fitsPath(rule.pattern, input["file_path"] ?? input["notebook_path"], folder);
}

function ruleOf(text: string): Rule | undefined {
  if (text.length > MAX_RULE) return undefined;
  const found = /^\s*([A-Za-z_][\w*-]*)\s*(?:\(([^]*)\))?\s*$/.exec(text);
  const [, tool, pattern] = found ?? [];
  if (tool === undefined) return undefined;
  return pattern === undefined || pattern === "*" || pattern === "" ? { tool } : { tool, pattern };
}

function isServer(tool: string): boolean {
  return /^mcp__[^_]+(?:_[^_]+)*$/.test(tool);
}

function fitsCommand(pattern: string, command: unknown): boolean {
  if (typeof command !== "string") return true;
  const parts = simpleCommands(command);
  if (parts === undefined) return true;
  const start = /^(.*?)(?::\*| \*)$/s.exec(pattern)?.[1];
  // 'git:*' and 'git *' mean 'git' alone as well.
  const glob = start === undefined ? pattern : `${start} *`;
  return [command.trim(), ...parts].some((part) => part === start || wildcardMatches(glob, part));
}

function fitsDomain(wanted: string, url: unknown): boolean {
  if (typeof url !== "string" || !URL.canParse(url)) return true;
  const host = new URL(url).hostname;
  return wildcardMatches(wanted, host) || host.endsWith(`.${wanted}`);
}

function fitsPath(pattern: string, path: unknown, folder: string): boolean {
  if (typeof path !== "string") return true;
  const wanted = pattern.replace(/^\.\//, "");
  const inside = isAbsolute(path) ? relative(folder, path) : path.replace(/^\.\//, "");
  // Without a folder the pattern is one of names; '//' begins at the root of all files, '/' at the project.
  if (wanted.startsWith("//")) return fitsParts(wanted.slice(1).split("/"), path.split("/"));
  if (!wanted.includes("/")) return fitsParts([wanted], path.split("/").slice(-1));
  return fitsParts(wanted.replace(/^\//, "").split("/"), inside.split("/"));
}

function fitsParts(pattern: readonly string[], parts: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return parts.length === 0;
  if (first === "**" && rest.length === 0) return parts.length > 0;
  if (first === "**")
    return parts.length <= 64 && parts.some((_, index) => fitsParts(rest, parts.slice(index)));
  const [part, ...further] = parts;
  return part !== undefined && wildcardMatches(first, part) && fitsParts(rest, further);
}
