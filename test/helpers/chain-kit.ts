import type { HookKindSpec, Permission, Verdict } from "@synaps/sdk/protocol";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { systemClock } from "../../packages/host/src/time/clock.js";
import { Chain, type ChainResult } from "../../packages/host/src/dispatch/chain.js";
import { looksAtInput } from "../../packages/host/src/dispatch/filter.js";
import { firstDecision } from "../../packages/host/src/dispatch/first-decision.js";
import type { Subscription } from "../../packages/host/src/dispatch/subscription.js";
import { judge as judgeAbout, type Judged } from "../../packages/host/src/dispatch/verdict.js";
import type { DeliveryResult } from "../../packages/host/src/delivery/request.js";
import type { Target } from "../../packages/host/src/delivery/target.js";
import type { EventRequest } from "../../packages/host/src/delivery/request.js";
import { OutgoingEvent } from "../../packages/host/src/delivery/outgoing-event.js";
import { DEFAULT_LIMITS, type HostLimits } from "../../packages/host/src/options.js";

/** What a test subscription does with an event: answers, or comes back with a reason for not answering. */
export type Answer = (
  event: OutgoingEvent["envelope"],
) => Verdict | undefined | DeliveryResult | Promise<Verdict | undefined>;

export interface Member extends Partial<Omit<Subscription, "target">> {
  name: string;
  answer?: Answer;
}

export interface Asking {
  name: string;
  input: unknown;
  output: unknown;
  untilMs: number;
}

const ALL: ReadonlySet<Permission> = new Set<Permission>(["tools.intercept", "tools.transform_output"]);

/** Abstains with a reason, as a process that does not answer. */
export const abstains =
  (reason: (DeliveryResult & { answered: false })["reason"]): Answer =>
  () => ({ answered: false, reason, queueMs: 0, runMs: 1 });

/** Subscriptions whose targets are functions of the test, and the record of what each was asked. */
export function members(...list: Member[]): { subscriptions: Subscription[]; asked: Asking[] } {
  const asked: Asking[] = [];
  const subscriptions = list.map(({ name, answer, ...own }): Subscription => {
    const deliver = async ({ source: event, untilMs }: EventRequest): Promise<DeliveryResult> => {
      const { tool_input: input, tool_output: output } = event.envelope;
      asked.push({ name, input, output, untilMs });
      const said = await answer?.(event.envelope);
      if (said && "answered" in said) return said;
      return { answered: true, result: said ?? { action: "continue" }, queueMs: 0, runMs: 1 };
    };
    const hand: Target["hand"] = (request) => {
      request.placed();
      void deliver(request).then((result) => request.finished(result));
    };
    return {
      id: `${name}#1`,
      extension: name,
      kind: "before_tool_call",
      filter: {},
      priority: 0,
      phase: undefined,
      breaker: undefined,
      closed: false,
      deadlineMs: 5_000,
      permissions: ALL,
      target: { id: name, health: "running", restartCount: 0, hand },
      where: undefined,
      projection: undefined,
      ...own,
      conditional: own.filter !== undefined && looksAtInput(own.filter),
    };
  });
  return { subscriptions, asked };
}

/** A member that leaves too little time for all who come after it: they are asked together. And the clock that it moves. */
export function slowMember(verdict?: ReturnType<Answer>, name = "slow"): { slow: Member; now: () => number } {
  let nowMs = 0;
  const answer = (): ReturnType<Answer> => {
    nowMs = 9_700;
    return verdict;
  };
  return { slow: { name, answer }, now: () => nowMs };
}

export const kindSpec = (kind: keyof typeof synapsCatalog.kinds): HookKindSpec => synapsCatalog.kinds[kind];

export function chainOf(
  spec: HookKindSpec,
  subscriptions: readonly Subscription[],
  limits: Partial<HostLimits> = {},
  now: () => number = systemClock.now,
): Chain {
  const services = {
    clock: { ...systemClock, now },
    limits: { ...DEFAULT_LIMITS, ...limits },
    recorder: { handlerCalled() {}, eventSettled() {} },
  };
  return new Chain(spec, subscriptions, services, now());
}

/** Runs a chain under `first_decision`. */
export function decideInTurn(chain: Chain, event: OutgoingEvent): Promise<ChainResult> {
  return new Promise((resolve, reject) => firstDecision(chain, event, resolve, reject));
}

export function toolEvent(
  input: Parameters<typeof OutgoingEvent.from>[0]["tool_input"] = "in",
): OutgoingEvent {
  return OutgoingEvent.from({ kind: "before_tool_call", tool_name: "bash", tool_input: input }, 0);
}

export function outputEvent(output: string): OutgoingEvent {
  return OutgoingEvent.from({ kind: "after_tool_call", tool_name: "bash", tool_output: output }, 0);
}

/** Votes in one word each, for snapshots of whole outcomes. */
export function votesOf(chain: Chain): string[] {
  return chain.votes.map((vote) => {
    switch (vote.status) {
      case "voted":
        return `${vote.extension} ${vote.verdict.action}${vote.ignored === undefined ? "" : ` (${vote.ignored})`}`;
      case "abstained":
        return `${vote.extension} abstained: ${vote.reason}`;
      case "not_reached":
        return `${vote.extension} not reached`;
    }
  });
}

/** The vote of a subscription on an event of which it got everything. */
export function judge(spec: HookKindSpec, subscription: Subscription, delivery: DeliveryResult): Judged {
  return judgeAbout(spec, subscription, delivery, toolEvent());
}
