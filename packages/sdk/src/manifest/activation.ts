import type { DeferredDeclarations } from "./deferred.js";
import type { ExtensionSection } from "./schema.js";

/** What kind of lazy extension it is; `eager` starts with the host. */
export type ActivationClass =
  "eager" | "first_event" | "tool" | "provider" | "context_provider" | "hook" | "user" | "mixed";

/** What starts its process at the earliest. Searching among tools is never one of them. */
export type ActivationTrigger =
  | "host_start"
  | "first_event_or_call"
  | "exact_tool_activation"
  | "provider_selection"
  | "first_authorized_hook_event"
  | "user_action";

type Part = "tool" | "provider" | "context_provider" | "hook" | "user";

/** The class follows from what is declared, and from nothing else. */
export function activationClass(
  { activation, hooks }: Pick<ExtensionSection, "activation" | "hooks">,
  declarations: DeferredDeclarations | undefined,
): ActivationClass {
  if (activation === "first_event") return "first_event";
  if (!declarations) return "eager";
  const parts = partsOf(declarations, hooks.length > 0);
  const [only, ...others] = parts;
  if (only === undefined) return "eager";
  return others.length === 0 ? only : "mixed";
}

/** Of a mixed extension, the part that comes first: a hook, then a provider, then a tool. */
export function activationTrigger(
  section: Pick<ExtensionSection, "activation" | "hooks">,
  declarations: DeferredDeclarations | undefined,
): ActivationTrigger {
  const kind = activationClass(section, declarations);
  if (kind === "eager") return "host_start";
  if (kind === "first_event") return "first_event_or_call";
  const parts = declarations ? partsOf(declarations, section.hooks.length > 0) : [];
  if (parts.includes("hook")) return "first_authorized_hook_event";
  if (parts.includes("provider")) return "provider_selection";
  return parts.includes("tool") ? "exact_tool_activation" : "user_action";
}

/** Hooks alone make nothing lazy: an empty block means eager. */
function partsOf(declarations: DeferredDeclarations, hasHooks: boolean): Part[] {
  const { tools, providers, context_providers, lifecycle } = declarations;
  const parts: Part[] = [];
  if (tools.length > 0) parts.push("tool");
  if (providers.length > 0) parts.push("provider");
  if (context_providers.length > 0) parts.push("context_provider");
  if (lifecycle === "user") parts.push("user");
  if (lifecycle === "hook" || (hasHooks && parts.length > 0)) parts.push("hook");
  return parts;
}
