import { SharedParams } from "../../packages/host/src/transport/rpc/shared-params.js";
import type { HostLimits } from "../../packages/host/src/options.js";
import { deliveryKit, TestEvent, type Kit, type Posted } from "./scripted-process.js";

/** Bytes in an observed event's text beside its input. */
const EMPTY_BYTES = new TestEvent("").event.text.length;

/** Bytes before the first event of a batch. */
export const HEAD_BYTES = '{"events":['.length;

export interface BatchKit extends Kit {
  /** The inputs of the events in each batch, as they were when the batch was sent. */
  readonly sent: string[][];
  /** The text of each batch. */
  readonly texts: string[];
  /** The memory of each batch. */
  readonly memory: ArrayBufferLike[];
  observe(inputs: string, more?: ConstructorParameters<typeof TestEvent>[1]): TestEvent[];
  /** Hands over this many events, and lets what is due be sent. */
  flood(events: number): Promise<TestEvent[]>;
  /** Answers all that is open, and lets what that gives room for be sent. */
  answerAll(afterMs?: number): Promise<void>;
}

/** A delivery to a scripted process that takes batches. `wanted`: the manifest's limit for everything else. */
export function batchKit(limits: Partial<HostLimits> = {}, wanted?: number): BatchKit {
  const kit = deliveryKit({ limits, wanted });
  const { clock, script } = kit;
  const [sent, texts, memory]: [string[][], string[], ArrayBufferLike[]] = [[], [], []];
  script.takesBatches = true;
  script.onPost = ({ params }: Posted) => {
    if (!(params instanceof SharedParams)) return;
    const text = Buffer.from(params.shared).toString("utf8") + params.tail;
    texts.push(text);
    memory.push(params.shared.buffer);
    sent.push(inputsOf(text));
  };
  const observe: BatchKit["observe"] = (inputs, more) =>
    kit.hand(inputs, { lane: "observe", repeatable: false, ...more });
  const flood: BatchKit["flood"] = async (events) => {
    const handed = observe(Array.from({ length: events }, (_, n) => `e${n}`).join(" "));
    await clock.pass(0);
    return handed;
  };
  const answerAll: BatchKit["answerAll"] = async (afterMs = 0) => {
    await clock.pass(afterMs);
    for (const posted of script.open) script.answer(posted, null);
    await clock.pass(0);
  };
  return { ...kit, sent, texts, memory, observe, flood, answerAll };
}

/** An input that makes an observed event of this many bytes. */
export function inputOf(bytes: number): string {
  return "x".repeat(bytes - EMPTY_BYTES);
}

function inputsOf(text: string): string[] {
  return (JSON.parse(text) as { events: { tool_input: string }[] }).events.map(
    ({ tool_input }) => tool_input,
  );
}
