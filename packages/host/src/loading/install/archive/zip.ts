import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createInflateRaw } from "node:zlib";
import { ArchiveRefusal, MAX_ENTRIES, nothing, textOf, type ArchiveEntry } from "./entry.js";

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** Largest table of names. An asset of an extension has a smaller one. */
const MAX_TABLE_BYTES = 16 * 1024 * 1024;
const LINK_MODE = 0o120000;
const TYPE_MASK = 0o170000;

interface Member {
  path: string;
  mode: number;
  flags: number;
  method: number;
  packedBytes: number;
  bytes: number;
  localAt: number;
}

/** Reads the entries of a zip file from its central directory. Throws an ArchiveRefusal. */
export async function* readZip(path: string): AsyncGenerator<ArchiveEntry> {
  const file = await open(path, "r");
  try {
    for (const member of await membersOf(file)) yield await entryOf(file, path, member);
  } finally {
    await file.close();
  }
}

async function membersOf(file: FileHandle): Promise<Member[]> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, END_BYTES + MAX_COMMENT_BYTES);
  const tail = await read(file, size - tailBytes, tailBytes);
  const end = tail.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  if (end === -1 || end + END_BYTES > tail.length) throw new ArchiveRefusal("it is damaged, or no zip");
  const count = tail.readUInt16LE(end + 10);
  const bytes = tail.readUInt32LE(end + 12);
  const at = tail.readUInt32LE(end + 16);
  if (count > MAX_ENTRIES || bytes > MAX_TABLE_BYTES || at + bytes > size)
    throw new ArchiveRefusal("it has too many entries, or is of a kind that is not supported");
  const table = await read(file, at, bytes);
  const members: Member[] = [];
  for (let from = 0; members.length < count;) {
    const { member, length } = memberAt(table, from);
    members.push(member);
    from += length;
  }
  return members;
}

function memberAt(table: Buffer, at: number): { member: Member; length: number } {
  if (at + CENTRAL_BYTES > table.length || table.readUInt32LE(at) !== 0x02014b50)
    throw new ArchiveRefusal("its table of entries is damaged");
  const nameBytes = table.readUInt16LE(at + 28);
  const length = CENTRAL_BYTES + nameBytes + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32);
  if (at + length > table.length) throw new ArchiveRefusal("its table of entries is damaged");
  const member = {
    path: table.toString("utf8", at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes),
    // In archives that were made on unix, the upper half holds the file's mode; in others the upper half is 0.
    mode: table.readUInt32LE(at + 38) >>> 16,
    flags: table.readUInt16LE(at + 8),
    method: table.readUInt16LE(at + 10),
    packedBytes: table.readUInt32LE(at + 20),
    bytes: table.readUInt32LE(at + 24),
    localAt: table.readUInt32LE(at + 42),
  };
  return { member, length };
}

async function entryOf(file: FileHandle, path: string, member: Member): Promise<ArchiveEntry> {
  const { mode, flags, method } = member;
  if ((flags & 1) !== 0) throw new ArchiveRefusal("it is encrypted");
  if (method !== 0 && method !== 8)
    throw new ArchiveRefusal("it is packed by a method that is not supported");
  const base = { path: member.path, executable: (mode & 0o111) !== 0, target: "" };
  if (member.path.endsWith("/")) return { ...base, type: "folder", body: nothing() };
  const body = bodyOf(path, member, await dataAt(file, member));
  if ((mode & TYPE_MASK) === LINK_MODE)
    return { ...base, type: "link", target: await textOf(body), body: nothing() };
  return { ...base, type: "file", body };
}

/** Returns the offset of the packed bytes. They begin behind a header that alone tells its length. */
async function dataAt(file: FileHandle, { localAt }: Member): Promise<number> {
  const header = await read(file, localAt, LOCAL_BYTES);
  if (header.readUInt32LE(0) !== 0x04034b50) throw new ArchiveRefusal("an entry of it is damaged");
  return localAt + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function* bodyOf(path: string, member: Member, start: number): AsyncGenerator<Buffer> {
  if (member.packedBytes === 0) return;
  const packed = createReadStream(path, { start, end: start + member.packedBytes - 1 });
  const stream = member.method === 0 ? packed : packed.pipe(createInflateRaw());
  packed.once("error", (error) => stream.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // An archive that is made to explode has a table with wrong sizes.
      if (bytes > member.bytes) break;
      yield chunk;
    }
  } catch {
    throw new ArchiveRefusal("an entry of it is damaged");
  } finally {
    packed.destroy();
    stream.destroy();
  }
  if (bytes !== member.bytes) throw new ArchiveRefusal("an entry of it is not as long as it says");
}

async function read(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, at);
  if (bytesRead < bytes) throw new ArchiveRefusal("it ends too early");
  return buffer;
}
