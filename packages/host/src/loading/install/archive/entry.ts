/** One entry of an archive. Read `body` to its end before the next entry is asked for. */
export interface ArchiveEntry {
  /** Path as the archive names it: not to be trusted. */
  path: string;
  type: "file" | "folder" | "link";
  executable: boolean;
  /** Target of a link. */
  target: string;
  body: AsyncIterable<Buffer>;
}

/** An archive that is broken or holds unsafe content. */
export class ArchiveRefusal extends Error {}

/** Most entries of an archive. An asset of an extension has fewer. */
export const MAX_ENTRIES = 20_000;
/** Most bytes of all files together: four times the largest download. */
export const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
/** Most bytes that are read into memory at once: a name, a link, a table of names. */
export const MAX_TEXT_BYTES = 64 * 1024;

export async function* nothing(): AsyncGenerator<Buffer> {
  // An entry without a body yields no chunk.
}

/** Reads the whole of a body that must be small. */
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
