import { wrongBreaker, type BreakerChoice } from "../protocol/breaker.js";
import type { HookKindSpec } from "../protocol/catalog.js";
import type { HookEntry } from "./schema.js";

/** The choice of a hook's `breaker`, whose keys a manifest writes with `_`. Undefined where the hook makes none. */
export function breakerChoice(breaker: HookEntry["breaker"]): BreakerChoice | undefined {
  if (typeof breaker !== "object") return breaker as BreakerChoice | undefined;
  const camel = (key: string): string =>
    key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(breaker).map(([key, value]) => [camel(key), value]));
}

/** Says what is wrong with the `breaker` of a hook, in the manifest's own words. Pure. */
export function wrongBreakerOf(hook: HookEntry, spec: Pick<HookKindSpec, "delivery">): string | undefined {
  if (hook.breaker === undefined) return undefined;
  if (spec.delivery === "stream")
    return `hook '${hook.hook}' takes no 'breaker': one slow session would silence all others`;
  return wrongBreakerChoice(hook.breaker);
}

/** Says what is wrong with a breaker whose keys are written with `_`, in a clause. Takes anything, never throws. */
export function wrongBreakerChoice(breaker: unknown): string | undefined {
  const isTable = typeof breaker === "object" && breaker !== null && !Array.isArray(breaker);
  // Otherwise the two spellings of one key could stand side by side.
  const camel = isTable ? Object.keys(breaker).find((key) => /[A-Z]/.test(key)) : undefined;
  if (camel !== undefined) return `unknown key '${camel.slice(0, 64)}': its keys are written with '_'`;
  const wrong = wrongBreaker(isTable ? breakerChoice(breaker as HookEntry["breaker"]) : breaker);
  return wrong?.replaceAll(/[a-z]+[A-Z]\w*/g, (name) =>
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
}
