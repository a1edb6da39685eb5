import type { DebugRing } from "@synaps/builtins";
import type { Entrance } from "../dispatch/entrance.js";
import type { FollowedConfig } from "../dispatch/follow-config.js";
import type { RunningHostConfig } from "../loading/host-config/live-host-config.js";
import type { Accounting } from "../observe/accounting.js";
import type { HostMetrics } from "../observe/metrics/reading.js";
import type { ExtensionRegistry } from "../supervision/extension-registry.js";
import { hostMetrics } from "../supervision/host-metrics.js";
import type { HostSnapshot } from "../supervision/host-snapshot.js";
import type { LoadListener, LoadResult } from "../supervision/load-report.js";
import type { LogEntry } from "../supervision/log-ring.js";
import type { Clock } from "../time/clock.js";
import { HostSurfaces } from "./host-surfaces.js";

/** The parts of a host that its reports are made from. */
export interface Reported {
  readonly extensions: ExtensionRegistry;
  readonly accounting: Accounting;
  readonly entrance: Entrance;
  readonly config: FollowedConfig;
  readonly clock: Clock;
}

/** The state of a host, for programs and people. */
export abstract class HostReports extends HostSurfaces {
  protected abstract readonly reported: Reported;

  /** The configuration of the host: its values, where each comes from, and how to read the file again now. */
  get hostConfig(): RunningHostConfig {
    return this.reported.config.live;
  }

  /** The last events with their answers, masked and cut; undefined unless `[debug]` of the configuration keeps them. */
  get debugRing(): DebugRing | undefined {
    return this.reported.config.debugRing;
  }

  /** Tells the listener each step of the start, from the beginning, however late. Returns how to stop listening. */
  onLoad(listener: LoadListener): () => void {
    return this.reported.extensions.report.listen(listener);
  }

  /** The result of the start so far: the extensions that run, and the failures with their reasons. */
  get loadResult(): LoadResult {
    return this.reported.extensions.report.result;
  }

  /** Returns the state of every extension and every subscription. Holds no payload, configuration or secret. */
  snapshot(): HostSnapshot {
    const { extensions, accounting, entrance, config } = this.reported;
    const off = config.switchedOff;
    return {
      extensions: extensions.status(),
      ...accounting.snapshot(),
      raised: this.surfaces.events.counts(),
      ...entrance.status,
      ...(off.length === 0 ? {} : { switchedOff: off }),
    };
  }

  /** Numbers about events, votes, times and processes, for a monitoring system. Holds no payload; costs nothing unread. */
  metrics(): HostMetrics {
    const { extensions, accounting, clock } = this.reported;
    return hostMetrics(extensions.status(), accounting, clock.wallMs());
  }

  /** The last lines that an extension wrote to standard error, oldest first, without control characters. */
  logs(id: string, count = 100): LogEntry[] {
    return this.reported.extensions.require(id).logs.last(count);
  }

  /** Calls the listener for each further line. Returns how to stop listening. */
  onLog(id: string, listener: (entry: LogEntry) => void): () => void {
    return this.reported.extensions.require(id).logs.listen(listener);
  }
}
