/** One thing that an archive holds. `body` is to be read to its end before the next entry is asked for. */
export interface ArchiveEntry {
  /** As it stands in the archive: not to be trusted. */
  path: string;
  type: "file" | "folder" | "link";
  executable: boolean;
  /** Where a link points to. */
  target: string;
  body: AsyncIterable<Buffer>;
}

/** An archive that is broken, or holds what must not be unpacked. */
export class ArchiveRefusal extends Error {}

/** More are no asset of an extension. */
export const MAX_ENTRIES = 20_000;
/** Unpacked, all files together: four times the largest download. */
export const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
/** What is read into memory at once: a name, a link, a table of names. */
export const MAX_TEXT_BYTES = 64 * 1024;

export async function* nothing(): AsyncGenerator<Buffer> {
  // No chunk.
}

/** The whole of a body that must be small. */
export async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > MAX_TEXT_BYTES) throw new ArchiveRefusal("a name in it is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
