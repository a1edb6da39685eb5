import { ProgramBus } from "../dispatch/program-bus.js";
import type { Surfaces } from "./surfaces.js";

/** The host's surfaces beside hooks, by the names that programs use. */
export abstract class HostSurfaces extends ProgramBus {
  abstract readonly surfaces: Surfaces;

  /** The tools of all extensions. */
  get tools(): Surfaces["tools"] {
    return this.surfaces.tools;
  }

  /** Sources of completions that extensions offer. */
  get providers(): Surfaces["providers"] {
    return this.surfaces.providers;
  }

  /** Commands that users call. */
  get commands(): Surfaces["commands"] {
    return this.surfaces.commands;
  }

  /** Reports of extensions about longer work. */
  get tasks(): Surfaces["tasks"] {
    return this.surfaces.tasks;
  }

  /** Events that extensions and the program raise for each other, by topic. */
  get events(): Surfaces["events"] {
    return this.surfaces.events;
  }

  /** Tools of lazy extensions. */
  get leases(): Surfaces["leases"] {
    return this.surfaces.leases;
  }

  /** Things that extensions want shown: widgets, settings, keybinds, help, colours. */
  get ui(): Surfaces["ui"] {
    return this.surfaces.ui;
  }

  /** Processes that listen or speak for extensions while the user wants them. */
  get sidecars(): Surfaces["sidecars"] {
    return this.surfaces.sidecars;
  }

  /** Sources of context for a model beside the conversation. */
  get contextProviders(): Surfaces["contextProviders"] {
    return this.surfaces.contextProviders;
  }

  /** Extensions that propose how a session goes on. */
  get sessionDrivers(): Surfaces["sessionDrivers"] {
    return this.surfaces.sessionDrivers;
  }

  /** Configuration of extensions: read, changed, followed. */
  get config(): Surfaces["config"] {
    return this.surfaces.config;
  }

  /** Notes that extensions keep, by namespace. */
  get memory(): Surfaces["memory"] {
    return this.surfaces.memory;
  }
}
