/** A line or a body that has begun and whose end has not arrived; `sample` is its beginning, at most 200 characters. */
export interface OpenPart {
  /** Bytes that the header announced. Undefined for a line. */
  announced: number | undefined;
  arrived: number;
  sample: string;
}

const SAMPLE_BYTES = 200;

export function openPart(bytes: Buffer, arrived: number, announced?: number): OpenPart {
  return { announced, arrived, sample: bytes.toString("utf8", 0, Math.min(arrived, SAMPLE_BYTES)) };
}
