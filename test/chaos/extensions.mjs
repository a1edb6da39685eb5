// Writes the extensions of a plan as folders of their own, and says who has to vote on what.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { synapsCatalog } from "../../packages/sdk/dist/protocol/index.js";

const FIXTURES = fileURLToPath(new URL("../fixtures/extensions/", import.meta.url));
const PERMISSIONS = ["tools.intercept", "tools.transform_output", "privacy.llm_content", "session.lifecycle"];

export function hooksOf({ protocol, phase, tools, deadlineMs, priority }) {
  return (
    Object.entries(synapsCatalog.kinds)
      // Decisions are told by the host itself, and the fixtures handle events of programs.
      .filter(([name, kind]) => kind.since <= protocol && name !== "on_decision")
      .map(([hook, { delivery, toolFilter }]) => ({
        hook,
        priority,
        timeout_ms: deadlineMs,
        ...(phase === undefined || delivery !== "gate" ? {} : { phase }),
        ...(tools !== undefined && toolFilter ? { tools } : {}),
      }))
  );
}

export function writeExtensions(folder, extensions) {
  for (const one of extensions) {
    const manifest = join(FIXTURES, one.habit, ".synaps-plugin", "plugin.json");
    const { extension } = JSON.parse(readFileSync(manifest, "utf8"));
    const args = [join(FIXTURES, one.habit, extension.args[0]), ...one.args];
    const section = {
      ...extension,
      args,
      permissions: PERMISSIONS,
      protocol_version: one.protocol,
      hooks: hooksOf(one),
    };
    const root = join(folder, one.id, ".synaps-plugin");
    mkdirSync(root, { recursive: true });
    writeFileSync(
      join(root, "plugin.json"),
      JSON.stringify({ name: one.id, version: "1.0.0", extension: section }),
    );
  }
}

/** The ids of those whose vote an event needs, worked out from the manifests alone. */
export function concerned(extensions, event) {
  return extensions
    .filter((one) =>
      hooksOf(one).some(
        ({ hook, tools }) => hook === event.kind && (!tools || tools.includes(event.tool_name)),
      ),
    )
    .map(({ id }) => id);
}
