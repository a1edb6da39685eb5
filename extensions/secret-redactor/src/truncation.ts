/** The end that the host gives to a preview. */
const MARKER = /…\[truncated, (\d{1,15}) total bytes\]$/;

/** A cut line longer than this loses only so much of its end: no single-line secret in the rules is longer. */
const LONGEST_LINE = 16_384;

/** What the preview of a tool's output says about the whole. */
export interface Preview {
  /** What was seen of the output, without the marker. */
  readonly seen: string;
  readonly truncated: boolean;
  /** Size of the whole output in bytes. */
  readonly totalBytes: number;
}

/**
 * Reads a preview. `meta` decides where the host sends it; without it, only a marker at the very end that names a
 * larger size than what stands before it counts, so that output which quotes a marker is not taken for cut.
 */
export function readPreview(output: string, meta?: { truncated?: boolean; total_bytes?: number }): Preview {
  const marker = meta?.truncated === false ? null : MARKER.exec(output.slice(-80));
  const seen = marker === null ? output : output.slice(0, output.length - marker[0].length);
  const bytes = Buffer.byteLength(seen);
  const stated = meta?.total_bytes ?? Number(marker?.[1] ?? 0);
  if (meta?.truncated === true) return { seen, truncated: true, totalBytes: Math.max(stated, bytes) };
  if (marker !== null && stated > bytes) return { seen, truncated: true, totalBytes: stated };
  return { seen: output, truncated: false, totalBytes: Buffer.byteLength(output) };
}

/** The part of a cut text in which no secret can be cut: all but its last line, or the end of a very long line. */
export function withoutCutEnd(seen: string): string {
  const line = seen.lastIndexOf("\n") + 1;
  return seen.slice(0, Math.max(line, seen.length - LONGEST_LINE));
}
