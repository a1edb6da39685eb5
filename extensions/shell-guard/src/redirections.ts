import type { Redirection as RedirectionNode } from "unbash";
import { contentOf } from "./files.js";
import { expandParts, expandText } from "./expand.js";
import { literal, UNKNOWN, type Redirection, type Value } from "./model.js";
import { sourceOf } from "./sources.js";
import { expanderOf, type Walk } from "./walk.js";

export interface Redirected {
  readonly list: Redirection[];
  /** What stdin holds, if one of the redirections says so. */
  readonly input: Value | undefined;
}

/** Reads the redirections of a command: which files it writes, and what it reads. */
export function readRedirections(nodes: readonly RedirectionNode[], walk: Walk): Redirected {
  const expander = expanderOf(walk);
  const list: Redirection[] = [];
  let input: Value | undefined;
  for (const node of nodes) {
    if (node.type === "HereDoc") {
      const { body, delimiter } = node;
      input = delimiter?.quoted || !body.parts ? literal(body.text) : expandParts(body.parts, expander);
      continue;
    }
    if (!node.target) continue;
    const target = expandText(node.target, expander);
    if (node.type === "HereString") {
      input = target;
      continue;
    }
    const duplicates = node.operator.endsWith("&") && /^(?:\d+|-)$/.test(target.text);
    if (duplicates) continue;
    const writes = node.operator.includes(">");
    if (!writes)
      input = target.content ??
        contentOf(target.text, walk.scope) ?? { ...UNKNOWN, sources: [sourceOf(target, walk.scope.cwd)] };
    const descriptor = node.descriptor?.type === "FileDescriptor" ? node.descriptor.value : 1;
    list.push({
      writes,
      appends: node.operator.endsWith(">>"),
      isOutput: writes && descriptor === 1,
      target,
    });
  }
  return { list, input };
}
