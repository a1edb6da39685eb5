import type { Host } from "@synaps/host";
import type { InventoryEntry } from "@synaps/host/tooling";
import type { Manifest } from "@synaps/sdk/manifest";

const WELL: readonly string[] = ["running", "degraded"];

/** Everything that can be said about one extension: what its manifest says and what the running one declares. */
export type ExtensionInfoDocument = Awaited<ReturnType<typeof extensionInfo>>;

/** Gathers it. `entry` is what stands in its folder; the host runs it, or has said why not. */
export async function extensionInfo(host: Host, entry: InventoryEntry) {
  const { id } = entry;
  const { ui } = host;
  const own = <T extends { extension: string | undefined }>(list: readonly T[]): T[] =>
    list.filter(({ extension }) => extension === id);
  const status = host.snapshot().extensions.find((one) => one.id === id);
  const isKnown = status?.process !== undefined;
  const keybinds = await ui.keybinds();
  const help = ui.help();
  return {
    id,
    ...manifestPart(entry.extension?.manifest),
    folder: entry.root,
    state: status?.state ?? entry.status,
    /** Whether it runs, or waits without a process for what it is there for. */
    isWell: WELL.includes(status?.state ?? entry.status) || status?.process?.waitsForUse === true,
    activation: entry.extension?.activation ?? null,
    reason: status?.process?.reason ?? null,
    protocol: entry.extension?.protocol ?? null,
    permissions: [...(entry.extension?.permissions ?? [])],
    config: (entry.extension?.section.config ?? []).map(({ key, type, required, description }) => ({
      key,
      type: type ?? null,
      required,
      description: description ?? null,
    })),
    env: entry.extension?.section.env ?? [],
    capabilities: isKnown ? ui.capabilities(id) : null,
    info: isKnown ? await ui.askInfo(id) : null,
    commands: own(host.commands.list()),
    keybinds: own(keybinds.binds),
    keybindCollisions: own(keybinds.collisions),
    settings: own(ui.settings.categories()),
    help: own(help.entries),
    helpRejected: own(help.rejected),
    theme: own(ui.theme()),
    widgets: ui.widgets.all(id),
    tasks: host.tasks.of(id),
    sidecar: own(host.sidecars.list())[0] ?? null,
    contextProviders: own(host.contextProviders.list()),
  };
}

function manifestPart(manifest: Manifest | undefined): {
  name: string | null;
  version: string | null;
  description: string | null;
} {
  return {
    name: manifest?.name ?? null,
    version: manifest?.version ?? null,
    description: manifest?.description ?? null,
  };
}
