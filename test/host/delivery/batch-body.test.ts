import { describe, expect, it } from "vitest";
import { BatchBody } from "../../../packages/host/src/delivery/batch-body.js";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";

const plain = OutgoingEvent.from({ kind: "on_usage", data: { n: 1 } }, 7);
const wide = OutgoingEvent.from({ kind: "on_usage", message: "ä€😀", correlation_id: "ключ" }, 8);
const spare = (bytes: number): Buffer => Buffer.alloc(bytes, "!");

/** The body's text as a process would get it. */
function textOf(body: BatchBody): string {
  const { shared, tail } = body.params();
  return Buffer.from(shared).toString("utf8") + tail;
}

function bodyOf(memory: Buffer | undefined, events: readonly OutgoingEvent[], withMeta = false): BatchBody {
  const body = new BatchBody(memory);
  for (const event of events) body.add(event, withMeta, 300);
  return body;
}

describe("the body of a batch", () => {
  it("is a list of the events' texts, with a comma between two of them", () => {
    expect(textOf(bodyOf(undefined, []))).toBe('{"events":[]}');
    expect(textOf(bodyOf(undefined, [plain]))).toBe(`{"events":[${plain.text}]}`);
    expect(textOf(bodyOf(undefined, [plain, plain, plain]))).toBe(
      `{"events":[${plain.text},${plain.text},${plain.text}]}`,
    );
  });

  it("keeps text of any alphabet", () => {
    const accents = OutgoingEvent.from({ kind: "on_usage", message: "é" }, 7);
    expect(textOf(bodyOf(undefined, [accents, wide, plain]))).toBe(
      `{"events":[${accents.text},${wide.text},${plain.text}]}`,
    );
  });

  it("gives each event its meta, with its own deadline, where the process negotiated that", () => {
    const body = new BatchBody(undefined);
    body.add(plain, true, 300);
    body.add(wide, true, 4_000);
    body.add(plain, true, 5_000);
    const { events } = JSON.parse(textOf(body)) as { events: { meta: Record<string, unknown> }[] };
    const id = expect.any(String) as string;
    expect(events).toEqual([
      { ...plain.envelope, meta: { event_id: id, sent_at: 7, deadline_ms: 300, attempt: 1 } },
      {
        ...wide.envelope,
        meta: { event_id: id, sent_at: 8, correlation_id: "ключ", deadline_ms: 4_000, attempt: 1 },
      },
      { ...plain.envelope, meta: { event_id: id, sent_at: 7, deadline_ms: 5_000, attempt: 1 } },
    ]);
  });

  it("counts its bytes, without the end that is the same for all", () => {
    for (const withMeta of [false, true]) {
      const body = bodyOf(undefined, [plain, wide, plain], withMeta);
      expect(body.length).toBe(Buffer.byteLength(textOf(body)) - "]}".length);
      expect(body.params().shared.length).toBe(body.length);
    }
  });
});

describe("the memory of a batch", () => {
  it("is 64 KiB when there is none from an earlier batch", () => {
    expect(bodyOf(undefined, [plain]).memory.length).toBe(65_536);
  });

  it("is that of an earlier batch, of which nothing is left in the text", () => {
    const memory = spare(4_096);
    const body = bodyOf(memory, [plain]);
    expect(body.memory).toBe(memory);
    expect(body.params().shared.buffer).toBe(memory.buffer);
    expect(textOf(body)).toBe(`{"events":[${plain.text}]}`);
  });

  it("grows without loss, however little there was", () => {
    for (const withMeta of [false, true]) {
      const whole = textOf(bodyOf(undefined, [plain, wide, plain, wide], withMeta));
      for (let bytes = 16; bytes <= whole.length; bytes += 3)
        expect(textOf(bodyOf(spare(bytes), [plain, wide, plain, wide], withMeta))).toBe(whole);
    }
  });

  it("stays when it is just enough for the text and a comma, and doubles when it is a byte short", () => {
    const enough = '{"events":['.length + plain.text.length + 1;
    const memory = spare(enough);
    expect(bodyOf(memory, [plain]).memory).toBe(memory);
    const short = spare(enough - 1);
    expect(bodyOf(short, [plain]).memory.length).toBe(2 * (enough - 1));
  });

  it("has room for a meta of three bytes for each of its code units", () => {
    const most = wide.metaTail(300, 1).length * 3;
    const enough = '{"events":['.length + Buffer.byteLength(wide.text) + most + 1;
    const memory = spare(enough);
    expect(bodyOf(memory, [wide], true).memory).toBe(memory);
    expect(bodyOf(spare(enough - 1), [wide], true).memory.length).toBe(2 * (enough - 1));
  });

  it("is as large as a text that needs more than twice of what there was", () => {
    expect(bodyOf(spare(20), [plain]).memory.length).toBe('{"events":['.length + plain.text.length + 1);
  });
});
