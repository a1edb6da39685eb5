import {
  isJsonObject,
  synapsCatalog,
  topicPermission,
  type JsonObject,
  type JsonValue,
} from "@synaps/sdk/protocol";

/** What the reference host makes of one place of a manifest. */
export interface PortabilityFinding {
  pointer: string;
  /** Refused: the extension does not load there. Ignored: it loads, and means less. */
  effect: "refused" | "ignored";
  message: string;
  hint: string;
}

const REFERENCE_PROTOCOL = 1;
/** Permissions that only this host knows, and what to do without each of them. */
const OWN_PERMISSIONS: Readonly<Record<string, string>> = {
  "hooks.fail_closed": "Remove it, and 'on_failure' with it.",
  "environment.inherit": "Remove it: there, sidecars and shell commands get the whole environment.",
};

/** Keys that only this host knows, and what their absence means elsewhere. */
const OWN_HOOK_KEYS: Readonly<Record<string, string>> = {
  id: "the subscription has no name of its own there",
  priority: "hooks are asked in load order there",
  phase: "there are no phases there",
  timeout_ms: "every deadline is 5 s there",
  on_failure: "every hook fails open there",
  tools: "the hook is asked about every tool there; 'tool' names one",
  where: "the hook is asked about every event of the kind there",
  fields: "whole events are sent there",
  mode: "every answer counts there",
};
const OWN_KEYS: Readonly<Record<string, string>> = {
  env: "the variables are not passed on there",
  sandbox: "there is no sandbox there",
  max_concurrency: "one request at a time is sent there",
  optional_catalogs: "hooks of catalogs that it does not know are refused there",
};

/** Everything in a manifest that the public ecosystem's host would refuse or ignore. Pure; takes the raw JSON. */
export function portabilityOf(manifest: JsonValue): PortabilityFinding[] {
  if (!isJsonObject(manifest) || !isJsonObject(manifest["extension"])) return [];
  const extension = manifest["extension"];
  return [
    ...protocol(extension),
    ...permissions(extension),
    ...list(extension["hooks"]).flatMap((hook, index) => hookFindings(hook, `/extension/hooks/${index}`)),
    ...ownKeys(extension, OWN_KEYS, "/extension"),
    ...activation(extension),
  ];
}

function protocol({ protocol_version: version = REFERENCE_PROTOCOL }: JsonObject): PortabilityFinding[] {
  if (version === REFERENCE_PROTOCOL) return [];
  const message = `the reference refuses protocol_version ${JSON.stringify(version)} (supported: 1)`;
  return [
    refused("/extension/protocol_version", message, "Set it to 1; hosts that know more still load it."),
  ];
}

function permissions({ permissions: asked }: JsonObject): PortabilityFinding[] {
  return list(asked).flatMap((permission, index) => {
    if (typeof permission !== "string") return [];
    const isOfTopics = topicPermission(permission) !== undefined;
    if (!isOfTopics && !Object.hasOwn(OWN_PERMISSIONS, permission)) return [];
    const message = `the reference refuses the permission '${permission}', which it does not know`;
    return [refused(`/extension/permissions/${index}`, message, OWN_PERMISSIONS[permission] ?? "Remove it.")];
  });
}

function hookFindings(hook: JsonValue, at: string): PortabilityFinding[] {
  if (!isJsonObject(hook)) return [];
  const kind = hook["hook"];
  const specs: Readonly<Record<string, { since: number }>> = synapsCatalog.kinds;
  const spec = typeof kind === "string" && Object.hasOwn(specs, kind) ? specs[kind] : undefined;
  const newer =
    spec && spec.since > REFERENCE_PROTOCOL
      ? [
          refused(
            `${at}/hook`,
            `the reference refuses the hook '${String(kind)}', which it does not know`,
            "Remove the hook.",
          ),
        ]
      : [];
  return [...newer, ...ownKeys(hook, OWN_HOOK_KEYS, at)];
}

function ownKeys(
  value: JsonObject,
  keys: Readonly<Record<string, string>>,
  at: string,
): PortabilityFinding[] {
  return Object.entries(keys).flatMap(([key, meaning]): PortabilityFinding[] => {
    if (value[key] === undefined) return [];
    const message = `the reference ignores '${key}': ${meaning}`;
    return [
      {
        pointer: `${at}/${key}`,
        effect: "ignored",
        message,
        hint: "Keep it if the extension is also right without it.",
      },
    ];
  });
}

/** The reference knows one value, from before it had `deferred`, and fails closed on any other. */
function activation({ activation: value }: JsonObject): PortabilityFinding[] {
  if (value === undefined || value === "deferred") return [];
  const message = `the reference refuses activation ${JSON.stringify(value)}`;
  return [refused("/extension/activation", message, "Remove it: there all start with the host.")];
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function refused(pointer: string, message: string, hint: string): PortabilityFinding {
  return { pointer, effect: "refused", message, hint };
}
