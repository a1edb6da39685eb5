import { answerConfig } from "./config/answers.js";
import { Configuration } from "./config/configuration.js";
import { Commands } from "./commands/commands.js";
import { ContextProviders } from "./context-providers/context-providers.js";
import type { Outcome } from "../dispatch/outcome.js";
import type { EventInput } from "../delivery/event-input.js";
import type { Extension } from "../supervision/extension.js";
import type { StateListener } from "../supervision/extension-registry.js";
import type { Host } from "../host.js";
import type { Inbound } from "../supervision/inbound.js";
import { answerMemory } from "./memory/answers.js";
import { Memory } from "./memory/memory.js";
import { Leases } from "./leases/leases.js";
import type { MemberListener } from "../supervision/members.js";
import type { ChildProcess, SpawnRequest } from "../transport/process/child.js";
import { SessionDrivers } from "./session-drivers/session-drivers.js";
import { Providers } from "./providers/providers.js";
import { ReplacementLog } from "../observe/replacement-log.js";
import type { Settings } from "../settings.js";
import { Sidecars } from "./sidecars/sidecars.js";
import { Tasks } from "./tasks/tasks.js";
import { Ui } from "./ui/ui.js";
import type { DiagnosticNote } from "../loading/manifest/diagnostic.js";
import { Tools } from "./tools/tools.js";

/** What everything that extensions offer beside hooks needs of the host. */
export interface SurfaceServices {
  settings: Settings;
  /** What extensions ask and tell by themselves. */
  inbound: Inbound;
  /** All that may have a process, in load order. */
  extensions(): Extension[];
  /** Throws a HostError when there is none of that id. */
  extension(id: string): Extension;
  onState(listener: StateListener): () => void;
  /** Told when an extension joins, is replaced or leaves; what is kept of one that left is to be let go of. */
  onMembers(listener: MemberListener): () => void;
  emit(event: EventInput): Promise<Outcome>;
  intercept: Host["intercept"];
  /** Starts a process beside the extension's own, which ends with the host like that one. */
  spawn(extension: string, request: SpawnRequest): ChildProcess;
  /** Notes a warning about an extension, once: in its status and in the log. */
  warn(extension: Extension, note: DiagnosticNote): void;
}

/** What extensions offer and use beside hooks. Wired here and nowhere else. */
export interface Surfaces {
  readonly tools: Tools;
  readonly providers: Providers;
  /** Notes which outputs were replaced. */
  readonly replacements: ReplacementLog;
  readonly tasks: Tasks;
  readonly leases: Leases;
  readonly commands: Commands;
  /** Notes that extensions keep. */
  readonly memory: Memory;
  readonly config: Configuration;
  readonly ui: Ui;
  readonly sidecars: Sidecars;
  readonly sessionDrivers: SessionDrivers;
  readonly contextProviders: ContextProviders;
}

export function createSurfaces(services: SurfaceServices): Surfaces {
  const { settings, inbound } = services;
  const tasks = new Tasks(inbound, settings.logger);
  const parts = {
    ...settings,
    inbound,
    tasks,
    extensions: () => services.extensions(),
    extension: (id: string) => services.extension(id),
    onState: (listener: StateListener) => services.onState(listener),
    onMembers: (listener: MemberListener) => services.onMembers(listener),
    spawn: (extension: string, request: SpawnRequest) => services.spawn(extension, request),
  };
  const leases = new Leases(services);
  const tools = new Tools(services, leases);
  const memory = new Memory(settings);
  answerMemory(inbound, memory);
  const config = new Configuration(parts);
  answerConfig(inbound, config, settings.baseDir);
  return {
    tools,
    providers: new Providers(services, tools),
    replacements: new ReplacementLog(settings),
    tasks,
    memory,
    leases,
    config,
    commands: new Commands({ ...parts, tools }),
    ui: new Ui(parts),
    sidecars: new Sidecars(parts),
    sessionDrivers: new SessionDrivers({ ...parts, deadlineMs: settings.limits.screenMs }),
    contextProviders: new ContextProviders(parts.extensions),
  };
}

/** Gives up what is under way, before the extensions end. Resolves when no process of it is left. */
export async function stopSurfaces({ commands, config, ui, sidecars, leases }: Surfaces): Promise<void> {
  ui.stop();
  config.stop();
  await Promise.all([commands.stop(), sidecars.stop(), leases.stop()]);
}

/** Resolves when nothing is under way any more. For after the last extension has ended. */
export async function closeSurfaces({ memory, providers, replacements }: Surfaces): Promise<void> {
  await Promise.all([memory.close(), providers.settled(), replacements.settled()]);
}
