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
  const given = typeof hook.breaker === "object" ? Object.keys(hook.breaker) : [];
  // Otherwise the two spellings of one key could stand side by side.
  const camel = given.find((key) => /[A-Z]/.test(key));
  if (camel !== undefined) return `unknown key '${camel}': keys of a manifest are written with '_'`;
  const wrong = wrongBreaker(breakerChoice(hook.breaker));
  return wrong?.replaceAll(/[a-z]+[A-Z]\w*/g, (name) =>
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
}
