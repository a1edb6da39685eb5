import { ByteSource } from "./byte-source.js";
import { ArchiveRefusal, MAX_TEXT_BYTES, nothing, textOf, type ArchiveEntry } from "./entry.js";

const BLOCK = 512;

/** Statements of a header about the entry after it, in GNU's or POSIX's way. */
interface Override {
  path?: string;
  target?: string;
  size?: number;
}

/** Reads the entries of a tar stream (ustar, with the long names of GNU tar and of pax). Throws an ArchiveRefusal. */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<ArchiveEntry> {
  const source = new ByteSource(chunks);
  let override: Override = {};
  for (;;) {
    const header = await source.take(BLOCK);
    if (!header || header.every((byte) => byte === 0)) return;
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = override.size ?? numberIn(header, 124, 12);
    const body = source.pass(size);
    if (type === "x" || type === "g" || type === "L" || type === "K") {
      if (size > MAX_TEXT_BYTES) throw new ArchiveRefusal("a name in it is too long");
      const text = await textOf(body);
      // A global header holds nothing that is used here.
      if (type === "x") override = { ...override, ...paxOf(text) };
      else if (type === "L") override = { ...override, path: withoutEnd(text) };
      else if (type === "K") override = { ...override, target: withoutEnd(text) };
    } else {
      yield entryOf(header, type, override, body);
      override = {};
    }
    // A caller that does not want an entry leaves the body unread.
    for await (const _ of body);
    await source.take((BLOCK - (size % BLOCK)) % BLOCK);
  }
}

function entryOf(
  header: Buffer,
  type: string,
  override: Override,
  body: AsyncIterable<Buffer>,
): ArchiveEntry {
  const prefix = textIn(header, 257, 5) === "ustar" ? textIn(header, 345, 155) : "";
  const name = textIn(header, 0, 100);
  const path = override.path ?? (prefix === "" ? name : `${prefix}/${name}`);
  const base = { path, executable: (numberIn(header, 100, 8) & 0o111) !== 0, target: "", body };
  switch (type) {
    case "0":
    case "\0":
      return { ...base, type: path.endsWith("/") ? "folder" : "file" };
    case "5":
      return { ...base, type: "folder", body: nothing() };
    case "2":
      return { ...base, type: "link", target: override.target ?? textIn(header, 157, 100), body: nothing() };
    default:
      throw new ArchiveRefusal(`it holds something that is no file, folder or symbolic link: ${shown(path)}`);
  }
}

function checkSum(header: Buffer): void {
  let sum = 8 * 0x20;
  header.forEach((byte, at) => {
    if (at < 148 || at >= 156) sum += byte;
  });
  if (sum !== numberIn(header, 148, 8)) throw new ArchiveRefusal("it is damaged, or no tar");
}

/** Reads an octal number. Sizes in GNU's binary form are larger than anything that is unpacked here. */
function numberIn(header: Buffer, at: number, length: number): number {
  const text = textIn(header, at, length).trim();
  if (!/^[0-7]*$/.test(text)) throw new ArchiveRefusal("it has a number that is none");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

function textIn(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}

/** Reads lines of `length key=value`; the length counts the whole line in bytes. */
function paxOf(text: string): Override {
  const override: Override = {};
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const space = rest.indexOf(0x20);
    const length = Number(rest.toString("utf8", 0, Math.max(0, space)));
    if (!Number.isSafeInteger(length) || length <= space || length > rest.length)
      throw new ArchiveRefusal("it has a header that makes no sense");
    const line = rest.toString("utf8", space + 1, length - 1);
    const equals = line.indexOf("=");
    const [key, value] = [line.slice(0, equals), line.slice(equals + 1)];
    if (key === "path") override.path = value;
    else if (key === "linkpath") override.target = value;
    else if (key === "size") override.size = sizeOf(value);
    rest = rest.subarray(length);
  }
  return override;
}

function sizeOf(text: string): number {
  const size = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(size))
    throw new ArchiveRefusal("it has a size that is none");
  return size;
}

function withoutEnd(text: string): string {
  const end = text.indexOf("\0");
  return end === -1 ? text : text.slice(0, end);
}

function shown(path: string): string {
  return JSON.stringify(path.slice(0, 80));
}
