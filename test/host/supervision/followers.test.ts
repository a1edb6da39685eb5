import { registryOfHost } from "../../helpers/registry-of-host.js";
import { settingsOf } from "@synaps/host/tooling";
import { expect, it, onTestFinished } from "vitest";
import { ExtensionRegistry } from "../../../packages/host/src/supervision/extension-registry.js";
import { Reloader } from "../../../packages/host/src/supervision/reload.js";
import { gone, variant } from "../../e2e/host/support/fixture.js";
import { FAST } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

/** The extensions alone, with everything that is told about one of them. */
async function followed(): Promise<{ registry: ExtensionRegistry; reloader: Reloader; told: string[] }> {
  const folder = tempDir();
  variant(folder, "echoes-votes", { id: "m" });
  const settings = settingsOf({ folders: [folder], baseDir: tempDir(), limits: FAST });
  const registry = registryOfHost(settings);
  onTestFinished(() => registry.stop(Promise.resolve()));
  const told: string[] = [];
  registry.onMembers(({ type, extension }) => void told.push(`${type} ${extension.id}`));
  registry.onState((extension, _, to) => void told.push(`${extension.id} ${to}`));
  await registry.load();
  await registry.start();
  return { registry, reloader: new Reloader(settings, registry), told };
}

it(
  verifies("LIFE-023") + "whoever follows lets go of the old one at the switch, not when its process ends",
  async () => {
    const { registry, reloader, told } = await followed();
    const pid = registry.get("m")?.generation?.child.pid ?? 0;
    told.length = 0;
    await reloader.reload("m");
    const switched = ["m starting", "m running", "replaced m", "m stopped"];
    expect(told).toEqual(switched);
    await gone(pid);
    // By then the id is the new one's: that nobody is told again keeps what the new one has.
    await until("the old one is over", () => registry.get("m")?.state === "running");
    expect(told).toEqual(switched);
  },
);

it(verifies("LIFE-023") + "and when one is unloaded", async () => {
  const { reloader, told } = await followed();
  told.length = 0;
  await reloader.unload("m");
  expect(told).toEqual(["removed m", "m stopped"]);
});

it(verifies("LIFE-023") + "one that fails keeps no other from following", async () => {
  const { registry, reloader, told } = await followed();
  registry.onMembers(() => {
    throw new Error("a surface fell over");
  });
  registry.onMembers(({ type }) => void told.push(`after it: ${type}`));
  await reloader.reload("m");
  expect(told).toContain("after it: replaced");
});
