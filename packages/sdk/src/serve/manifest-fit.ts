import type { ExtensionDefinition } from "../define-extension.js";
import { ExtensionError } from "../errors.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import { topicGlobsMeet } from "../protocol/topics.js";
import type { OwnManifest } from "./own-manifest.js";

/** Throws an ExtensionError for code that the manifest never lets run, and for hooks that nothing serves. */
export function checkFit(definition: ExtensionDefinition, manifest: OwnManifest): void {
  checkHooks(definition, manifest);
  checkTopics(definition, manifest);
}

/** Throws an ExtensionError for handlers of events on topics of which the manifest may not be told. */
function checkTopics({ onEvent = {} }: ExtensionDefinition, { topics }: OwnManifest): void {
  const dead = Object.keys(onEvent).filter((glob) => !topics.some((one) => topicGlobsMeet(one, glob)));
  if (dead.length === 0) return;
  const parts = dead.map((glob) => {
    const meant = didYouMean(glob, topics);
    return `the handler of the events '${glob}' would never run, because the manifest has no permission for such topics${hint(meant)}`;
  });
  const added = dead.map((glob) => `"events.subscribe:${glob}"`).join(", ");
  throw new ExtensionError(
    `${parts.join("; ")}. Add ${added} to /extension/permissions of .synaps-plugin/plugin.json, or correct 'onEvent'.`,
    { code: WIRE_ERRORS.permission_denied },
  );
}

/**
 * Compares the hooks of the code with those of the manifest. Throws an ExtensionError that names the kinds of which only
 * one side knows: their events would be answered with "continue" for ever, or never come.
 */
function checkHooks({ hooks = {} }: ExtensionDefinition, manifest: OwnManifest): void {
  const handled = Object.entries(hooks).flatMap(([kind, handler]) => (handler === undefined ? [] : [kind]));
  const subscribed = [...new Set(manifest.hooks)];
  const unserved = subscribed.filter((kind) => !handled.includes(kind));
  const unsubscribed = handled.filter((kind) => !subscribed.includes(kind));
  const parts = [
    ...unserved.map((kind) => {
      const meant = didYouMean(kind, unsubscribed);
      return `the manifest subscribes '${kind}', and no handler serves it${hint(meant)}`;
    }),
    ...unsubscribed.map((kind) => {
      const meant = didYouMean(kind, unserved);
      return `the handler of '${kind}' would never run, because the manifest does not subscribe it${hint(meant)}`;
    }),
  ];
  if (parts.length === 0) return;
  const advice =
    "Make /extension/hooks of .synaps-plugin/plugin.json and the hooks of the code name the same kinds.";
  throw new ExtensionError(`${parts.join("; ")}. ${advice}`, { code: WIRE_ERRORS.unknown_hook_kind });
}

function hint(meant: string | undefined): string {
  return meant === undefined ? "" : ` (did you mean '${meant}'?)`;
}
