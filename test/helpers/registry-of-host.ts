import { Deliveries } from "../../packages/host/src/delivery/deliveries.js";
import type { Settings } from "../../packages/host/src/settings.js";
import { ExtensionRegistry } from "../../packages/host/src/supervision/extension-registry.js";
import { Inbound } from "../../packages/host/src/supervision/inbound.js";
import { Activity } from "../../packages/host/src/time/activity.js";

/** A registry of extensions with their deliveries, wired as a host wires them. */
export function registryOfHost(settings: Settings): ExtensionRegistry {
  const activity = new Activity();
  const deliveries = new Deliveries(activity);
  return new ExtensionRegistry(settings, {
    inbound: new Inbound(settings.logger),
    activity,
    attach: (extension) => deliveries.attach(extension),
    onLog: () => {},
  });
}
