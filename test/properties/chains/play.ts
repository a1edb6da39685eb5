import { synapsCatalog, type Permission } from "@synaps/sdk/protocol";
import type { Envelope } from "../../../packages/host/src/delivery/event-input.js";
import { Projection, type MemberOf } from "../../../packages/host/src/delivery/projection.js";
import type { EventRequest } from "../../../packages/host/src/delivery/request.js";
import { Dispatcher } from "../../../packages/host/src/dispatch/dispatcher.js";
import { intercept } from "../../../packages/host/src/dispatch/intercept.js";
import { OperationCache } from "../../../packages/host/src/dispatch/operation/cache.js";
import type { InterceptResult } from "../../../packages/host/src/dispatch/operation/types.js";
import { SubscriptionRegistry } from "../../../packages/host/src/dispatch/registry.js";
import type { Subscription } from "../../../packages/host/src/dispatch/subscription.js";
import { StreamBooks } from "../../../packages/host/src/observe/stream-books.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import { Activity } from "../../../packages/host/src/time/activity.js";
import type { Reply } from "../../../packages/host/src/transport/rpc/reply.js";
import { dropsOf } from "../../helpers/drops.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { deliveryKit, type Kit, type Posted } from "../../helpers/scripted-process.js";
import { opinion } from "./opinion.js";
import { inputOf, textOf, type Part } from "./parts.js";
import type { ChainPlan, Fate, Member, ProcessPlan } from "./draw.js";

const NEVER = new AbortController().signal;

/** One question that reached a process. */
export interface Question {
  about: string;
  /** The whole of which `about` is the part that was sent. */
  whole: string;
  /** True if the answer arrived while the host still waited for it. */
  answered: boolean;
}

/** A member with everything that it was asked. */
export interface Played {
  readonly name: string;
  readonly extension: string;
  readonly member: Member;
  readonly questions: Question[];
}

export interface Play {
  readonly plan: ChainPlan;
  readonly before: readonly Played[];
  readonly after: readonly Played[];
  readonly result: InterceptResult;
  /** The input of the result as a text; "" for an operation that did not run. */
  readonly input: string;
  /** Inputs that the operation ran with. */
  readonly runs: readonly string[];
  readonly userAsked: number;
}

const PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>([
  "tools.intercept",
  "tools.transform_output",
]);
/** One for all chains: each has a real timer for as long as it is needed. */
const activity = new Activity();
/** Names without a digit: a digit in an output is a mark. */
const NAMES = ["north", "east", "south", "west"] as const;

/** The whole text of which the parts of an event were taken, by what was taken. */
const wholes = new WeakMap<Partial<Envelope>, string>();

/** A projection that tells what it was taken from: what a process is sent does not say so. */
class TellingProjection extends Projection {
  override pick(memberOf: MemberOf): Partial<Envelope> {
    const picked = super.pick(memberOf);
    wholes.set(picked, textOf(memberOf("tool_input")));
    return picked;
  }
}

const PROJECTIONS: ReadonlyMap<string, Projection> = new Map(
  ([["p"], ["q"], ["p", "q"]] satisfies Part[][]).map((fields) => [
    fields.join(""),
    new TellingProjection(fields.map((part) => `/tool_input/${part}`)),
  ]),
);
const OUTPUT_ONLY = new Projection(["/tool_output"]);

/** Plays one chain against the real dispatch and delivery, with scripted processes and a clock that is moved by hand. */
export async function play(plan: ChainPlan): Promise<Play> {
  const clock = new FakeClock();
  const { budgetMs: chainBudgetMs, reserveMs: chainReserveMs, breakerTimeouts } = plan;
  const limits = { ...DEFAULT_LIMITS, chainBudgetMs, chainReserveMs, breakerTimeouts };
  const recorder = { handlerCalled() {}, eventSettled() {} };
  const registry = new SubscriptionRegistry([synapsCatalog]);
  const streams = new StreamBooks(() => true);
  const dispatcher = new Dispatcher(
    registry,
    { clock, limits, recorder, streams, drops: dropsOf(clock) },
    undefined,
  );
  const played = new Map<string, Played>();
  const kits = new Map<number, Kit>();
  const kitOf = (process: number): Kit => {
    const known = kits.get(process);
    if (known) return known;
    const of = plan.processes[process];
    if (!of) throw new Error("the plan has no such process");
    const kit = deliveryKit({ protocol: of.protocol, limits, clock, activity });
    kits.set(process, kit);
    begin(kit, of);
    kit.script.onPost = (posted) => ask(kit, of, posted, played);
    return kit;
  };
  const members = (kind: string, list: readonly Member[]): Played[] =>
    list.map((member, place) => {
      const name = `${kind}#${place + 1}`;
      const extension = NAMES[member.process] ?? "nowhere";
      registry.add([subscription(kind, name, extension, place, member, kitOf(member.process))], extension);
      const one = { name, extension, member, questions: [] };
      played.set(name, one);
      return one;
    });
  const before = members("before_tool_call", plan.before);
  const after = members("after_tool_call", plan.after);

  const runs: string[] = [];
  let userAsked = 0;
  const confirm = (): boolean => {
    userAsked += 1;
    if (plan.user === "throws") throw new Error("no terminal");
    return plan.user === "agrees";
  };
  let result: InterceptResult | undefined;
  let failure: unknown;
  intercept(
    { before: "before_tool_call", after: "after_tool_call" },
    { tool_name: "bash", tool_input: inputOf(plan.input) },
    (input) => {
      runs.push(textOf(input));
      return plan.output;
    },
    {
      clock,
      random: () => 0.5,
      cache: new OperationCache(clock),
      confirmMs: 60_000,
      signal: undefined,
      entered: async () => {},
      emit: (event, policy, signal, terms) => dispatcher.emitSnapshot(event, policy, signal, terms),
      kind: (kind) => registry.kind(kind),
      stopping: NEVER,
      confirm: plan.user === "absent" ? undefined : confirm,
      policy: plan.policy,
    },
  ).then(
    (value) => (result = value),
    (error: unknown) => (failure = error),
  );
  while (result === undefined && failure === undefined) {
    if (!(await clock.step()) && result === undefined && failure === undefined)
      throw new Error("the chain never ends");
  }
  if (result === undefined) throw failure;
  return { plan, before, after, result, input: result.ran ? textOf(result.input) : "", runs, userAsked };
}

function subscription(
  kind: string,
  id: string,
  extension: string,
  place: number,
  { phase, closed, deadlineMs, fields, filter: { contains, equals } }: Member,
  { delivery }: Kit,
): Subscription {
  return {
    id,
    extension,
    kind,
    filter: {
      ...(contains === undefined ? {} : { inputContains: contains }),
      ...(equals === undefined ? {} : { inputEquals: { value: inputOf(equals) } }),
    },
    where: undefined,
    projection: fields && (kind.startsWith("before") ? PROJECTIONS.get(fields.join("")) : OUTPUT_ONLY),
    conditional: contains !== undefined || equals !== undefined,
    priority: place,
    phase,
    breaker: undefined,
    closed,
    deadlineMs,
    permissions: PERMISSIONS,
    target: {
      id: extension,
      health: "running",
      restartCount: 0,
      hand: (request) => delivery.hand(request),
    },
  };
}

function begin({ script, delivery, clock }: Kit, { start, startsAfterMs }: ProcessPlan): void {
  script.availability = start;
  if (start === "starting") clock.after(startsAfterMs, () => script.restart(delivery));
}

/** The process was asked: notes the question and arranges its end. */
function ask(kit: Kit, process: ProcessPlan, posted: Posted, played: ReadonlyMap<string, Played>): void {
  const { subscription: name, event } = posted.waiting as EventRequest;
  const one = played.get(name);
  if (!one) throw new Error(`nobody is called ${name}`);
  const { tool_input, tool_output } = JSON.parse(event.text) as { tool_input: unknown; tool_output: unknown };
  const about = name.startsWith("before") ? textOf(tool_input) : String(tool_output);
  const question: Question = { about, whole: wholes.get(event.envelope) ?? about, answered: false };
  one.questions.push(question);
  const { fates, fields } = one.member;
  const fate = fates[Math.min(one.questions.length, fates.length) - 1];
  if (!fate || fate.does === "silent") return;
  const { does } = fate;
  kit.clock.after(fate.afterMs, () => {
    if (!posted.open) return;
    if (does === "crash") return crash(kit, process);
    question.answered = does === "answer";
    const { stray: _, input, ...answer } = opinion(one.member, about, name);
    const said = input === undefined ? answer : { ...answer, input: inputOf(input, fields) };
    kit.script.reply(posted, reply(does, said));
  });
}

function reply(does: Exclude<Fate["does"], "silent" | "crash">, result: unknown): Reply {
  switch (does) {
    case "answer":
      return { type: "result", result };
    case "error":
      return { type: "error", code: 1, message: "no" };
    case "garbage":
      return { type: "result", result: { action: 7 } };
    case "unsent":
      return { type: "not_sent", reason: "full" };
  }
}

function crash({ script, delivery, clock }: Kit, { restartsAfterMs }: ProcessPlan): void {
  script.exit(delivery, restartsAfterMs === undefined ? "failed" : "restarting");
  if (restartsAfterMs !== undefined) clock.after(restartsAfterMs, () => script.restart(delivery));
}
