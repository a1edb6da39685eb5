import { encodeFrame, FrameWriter, type FrameSink } from "@synaps/sdk/framing";
import { describe, expect, it } from "vitest";
import { readAll } from "../../helpers/frames.js";

/** A stream that keeps what is written, and as much of it waiting as the test says. */
function createSink(state: { writable?: boolean; waiting?: number } = {}): FrameSink & { writes: Buffer[] } {
  const writes: Buffer[] = [];
  return {
    writes,
    writable: state.writable ?? true,
    writableLength: state.waiting ?? 0,
    write: (chunk, encoding) => writes.push(Buffer.from(chunk, encoding)) > 0,
  };
}

describe("FrameWriter", () => {
  it("writes each message with one write", () => {
    const sink = createSink();
    const writer = new FrameWriter(sink);
    expect([writer.send('{"a":1}'), writer.send('"zwölf 🦀"')]).toEqual(["sent", "sent"]);
    expect(sink.writes.map(String)).toEqual([
      'Content-Length: 7\r\n\r\n{"a":1}',
      'Content-Length: 13\r\n\r\n"zwölf 🦀"',
    ]);
  });

  it("counts bytes, not characters, against the limit", () => {
    const sink = createSink();
    const writer = new FrameWriter(sink, { maxBodyBytes: 4 });
    expect([writer.send('"ab"'), writer.send('"äb"'), writer.send('"abc"')]).toEqual([
      "sent",
      "too_large",
      "too_large",
    ]);
    expect(sink.writes).toHaveLength(1);
  });

  it("refuses when too much waits for a peer that does not read", () => {
    const writer = new FrameWriter(createSink({ waiting: 95 }), { maxQueuedBytes: 100 });
    expect([writer.send('"abc"'), writer.send('"abcd"')]).toEqual(["sent", "full"]);
  });

  it("lets a frame larger than the queue start when nothing waits", () => {
    expect(new FrameWriter(createSink(), { maxQueuedBytes: 3 }).send('"abcdef"')).toBe("sent");
  });

  it("says closed instead of writing to a stream that ended", () => {
    const sink = createSink({ writable: false });
    expect(new FrameWriter(sink).send("{}")).toBe("closed");
    expect(sink.writes).toEqual([]);
  });

  it.each(["", "plain", "zwölf", "\u0080", "🦀", "\ud800", "a\u0000b"])(
    "announces as many bytes as the stream encodes for %j",
    (text) => {
      const { text: framed, encoding, bytes } = encodeFrame(text);
      expect(Buffer.from(framed, encoding).length).toBe(`Content-Length: ${bytes}\r\n\r\n`.length + bytes);
    },
  );

  it("is understood by the reader", () => {
    const sink = createSink();
    const writer = new FrameWriter(sink);
    const messages = [{}, "ü", { a: [1, null, "🦀"] }];
    for (const message of messages) writer.send(JSON.stringify(message));
    expect(readAll(Buffer.concat(sink.writes)).messages).toEqual(messages);
  });
});
