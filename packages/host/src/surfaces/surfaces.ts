import { Commands } from "./commands/commands.js";
import { answerConfig } from "./config/answers.js";
import { Configuration } from "./config/configuration.js";
import { ContextProviders } from "./context-providers/context-providers.js";
import { Leases } from "./leases/leases.js";
import { RaisedEvents } from "./events/raised-events.js";
import { answerMemory } from "./memory/answers.js";
import { Memory } from "./memory/memory.js";
import { Providers } from "./providers/providers.js";
import type { HostServices, Services } from "./services.js";
import { SessionDrivers } from "./session-drivers/session-drivers.js";
import { Sidecars } from "./sidecars/sidecars.js";
import { Tasks } from "./tasks/tasks.js";
import { Tools } from "./tools/tools.js";
import { Ui } from "./ui/ui.js";

/** Everything that extensions offer and use beside hooks. */
export interface Surfaces {
  readonly tools: Tools;
  readonly providers: Providers;
  readonly tasks: Tasks;
  readonly leases: Leases;
  readonly commands: Commands;
  readonly memory: Memory;
  readonly config: Configuration;
  readonly events: RaisedEvents;
  readonly ui: Ui;
  readonly sidecars: Sidecars;
  readonly sessionDrivers: SessionDrivers;
  readonly contextProviders: ContextProviders;
}

/** Makes all surfaces. They are wired here and nowhere else. */
export function createSurfaces(host: HostServices): Surfaces {
  const tasks = new Tasks(host);
  const leases = new Leases(host);
  const tools = new Tools({ ...host, tasks, leases });
  const services: Services = { ...host, tasks, leases, tools };
  const memory = new Memory(services);
  const config = new Configuration(services);
  answerMemory(services, memory);
  answerConfig(services, config);
  return {
    tasks,
    leases,
    tools,
    memory,
    config,
    providers: new Providers(services),
    commands: new Commands(services),
    events: new RaisedEvents(host),
    ui: new Ui(services),
    sidecars: new Sidecars(services),
    sessionDrivers: new SessionDrivers(services),
    contextProviders: new ContextProviders(services),
  };
}

/** Gives up all work of the surfaces, before the extensions end. Resolves when no process of a surface is left. */
export async function stopSurfaces({ commands, config, ui, sidecars, leases }: Surfaces): Promise<void> {
  ui.stop();
  config.stop();
  await Promise.all([commands.stop(), sidecars.stop(), leases.stop()]);
}

/** Closes the files of the surfaces, after the last extension has ended. */
export async function closeSurfaces({ memory, providers }: Surfaces): Promise<void> {
  await Promise.all([memory.close(), providers.settled()]);
}
