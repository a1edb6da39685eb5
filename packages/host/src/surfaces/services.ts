import type { ChainPolicy, JsonValue } from "@synaps/sdk/protocol";
import type { EventInput } from "../delivery/event-input.js";
import { callEnd, type CallFailure } from "../delivery/results.js";
import type { InterceptKinds, InterceptResult, OperationResult } from "../dispatch/operation/types.js";
import type { CollectOptions } from "../loading/inventory/collect.js";
import type { DiagnosticNote } from "../loading/manifest/diagnostic.js";
import type { Logger } from "../logger.js";
import type { Drops } from "../observe/drops/drops.js";
import type { ConfirmPrompt, HostLimits } from "../options.js";
import type { Extension } from "../supervision/extension.js";
import type { StateListener } from "../supervision/extension-registry.js";
import type { Inbound } from "../supervision/inbound.js";
import type { MemberListener } from "../supervision/members.js";
import type { CallRequest, CallResult } from "../supervision/work.js";
import type { Activity } from "../time/activity.js";
import type { Clock } from "../time/clock.js";
import type { ChildProcess, SpawnRequest } from "../transport/process/child.js";
import type { LeasedTools } from "./leases/result.js";
import type { TaskFeed } from "./tasks/task-list.js";
import type { ToolCalls } from "./tools/tool-types.js";

/** The host as its surfaces see it: settings, extensions, and what extensions send. */
export interface HostServices extends Omit<CollectOptions, "nowMs" | "only" | "recordNew"> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: HostLimits;
  /** Takes what extensions should have been told and were not. */
  readonly drops: Drops;
  /** True if every outcome of a hook's event is raised as an event. */
  readonly hookEvents: boolean;
  /** Keeps the program alive while work of a surface is pending. */
  readonly activity: Activity;
  /** Requests and notifications that extensions send by themselves. */
  readonly inbound: Inbound;
  /** All extensions that may have a process, in load order. */
  extensions(): Extension[];
  /** Throws a HostError once the host has been stopped: nobody would carry the call out. */
  mustRun(): void;
  /** Throws a HostError if no extension has the id, and once the host has been stopped. */
  extension(id: string): Extension;
  onState(listener: StateListener): () => void;
  /** Told when an extension joins, is replaced or leaves. A surface then drops what it keeps of the extension. */
  onMembers(listener: MemberListener): () => void;
  /** Calls a method of an extension that is no event. Never rejects. */
  call(extension: Extension, request: CallRequest): Promise<CallResult>;
  intercept(
    kinds: InterceptKinds,
    event: Omit<EventInput, "kind">,
    run: (input: JsonValue) => OperationResult | Promise<OperationResult>,
    options?: { confirm?: ConfirmPrompt | "block"; chain?: ChainPolicy },
  ): Promise<InterceptResult>;
  /** Starts a process beside the extension's own. It ends with the host, too. */
  spawn(extension: string, request: SpawnRequest): ChildProcess;
  /** Notes a warning about an extension, once: in its status and in the log. */
  warn(extension: Extension, note: DiagnosticNote): void;
}

/** Everything that a surface is made of: the host, and the surfaces that others build on. */
export interface Services extends HostServices {
  readonly tasks: TaskFeed;
  readonly leases: LeasedTools;
  readonly tools: ToolCalls;
}

/** Calls a method of an extension: its value, or why there is none. Never rejects. */
export async function ask(
  services: Pick<HostServices, "call">,
  extension: Extension,
  request: CallRequest,
): Promise<{ value: JsonValue } | CallFailure> {
  return callEnd(await services.call(extension, request));
}
