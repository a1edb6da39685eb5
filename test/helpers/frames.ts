import { FrameReader, type FrameProblem, type FrameReaderOptions } from "@synaps/sdk/framing";

/** Everything that a reader reported. */
export interface Seen {
  messages: unknown[];
  strayBytes: number;
  samples: string[];
  problems: FrameProblem[];
}

export function createReader(limits: Pick<FrameReaderOptions, "maxBodyBytes" | "maxHeaderBytes"> = {}): {
  reader: FrameReader;
  seen: Seen;
} {
  const seen: Seen = { messages: [], strayBytes: 0, samples: [], problems: [] };
  const reader = new FrameReader({
    onMessage: (message) => void seen.messages.push(message),
    onStray: (bytes, sample) => {
      seen.strayBytes += bytes;
      seen.samples.push(sample);
    },
    onProblem: (problem) => void seen.problems.push(problem),
    ...limits,
  });
  return { reader, seen };
}

/** Reads bytes in pieces of the given sizes, used in turn; by default in one piece. */
export function readAll(
  bytes: Buffer | string,
  sizes: readonly number[] = [],
  limits: Pick<FrameReaderOptions, "maxBodyBytes" | "maxHeaderBytes"> = {},
): Seen {
  const { reader, seen } = createReader(limits);
  const all = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  for (let at = 0, next = 0; at < all.length; next += 1) {
    const size = sizes[next % sizes.length] ?? all.length;
    reader.push(all.subarray(at, at + size));
    at += size;
  }
  return seen;
}

/** A frame as text, with the line end of choice. */
export function frame(value: unknown, eol = "\r\n"): string {
  return rawFrame(JSON.stringify(value), eol);
}

/** A frame with any body, also with one that is no JSON. */
export function rawFrame(body: string, eol = "\r\n"): string {
  return `Content-Length: ${Buffer.byteLength(body)}${eol}${eol}${body}`;
}
