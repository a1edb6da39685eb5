import { createReadStream } from "node:fs";
import { mkdir, open, realpath, symlink } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { createGunzip } from "node:zlib";
import { messageOf, systemCode } from "../../../errors.js";
import { ArchiveRefusal, MAX_ENTRIES, MAX_UNPACKED_BYTES, type ArchiveEntry } from "./entry.js";
import { checkTarget, safeParts } from "./safe-path.js";
import { readTar } from "./tar.js";
import { readZip } from "./zip.js";

export type ArchiveKind = "tar.gz" | "zip";

export function archiveKind(name: string): ArchiveKind | undefined {
  const lower = name.toLowerCase();
  if (lower.endsWith(".tar.gz") || lower.endsWith(".tgz")) return "tar.gz";
  return lower.endsWith(".zip") ? "zip" : undefined;
}

/**
 * Unpacks an archive into an empty folder. Nothing is written outside of the folder, and no file through a link: links
 * are made last. Throws an ArchiveRefusal for unsafe content; the caller then removes the folder. Returns the paths of
 * files and links.
 */
export async function unpack(path: string, kind: ArchiveKind, into: string): Promise<string[]> {
  const unpacker = new Unpacker(into);
  try {
    for await (const entry of kind === "zip" ? readZip(path) : readTar(unzipped(path))) {
      await unpacker.add(entry);
    }
    await unpacker.link();
  } catch (error) {
    // Errors of the unpacking refuse the archive; errors of the disk do not.
    if (systemCode(error)?.startsWith("Z_")) throw new ArchiveRefusal(`it is damaged: ${messageOf(error)}`);
    if (["EEXIST", "ENOTDIR", "EISDIR"].includes(systemCode(error) ?? ""))
      throw new ArchiveRefusal("two of its entries want the same place");
    throw error;
  }
  return unpacker.paths;
}

async function* unzipped(path: string): AsyncGenerator<Buffer> {
  const packed = createReadStream(path);
  const stream = packed.pipe(createGunzip());
  packed.once("error", (error) => stream.destroy(error));
  try {
    yield* stream as AsyncIterable<Buffer>;
  } finally {
    packed.destroy();
    stream.destroy();
  }
}

class Unpacker {
  readonly paths: string[] = [];
  readonly #into: string;
  readonly #links = new Map<string, string>();
  readonly #seen = new Set<string>();
  #entries = 0;
  #bytes = 0;

  constructor(into: string) {
    this.#into = into;
  }

  async add({ path, type, executable, target, body }: ArchiveEntry): Promise<void> {
    this.#entries += 1;
    if (this.#entries > MAX_ENTRIES) throw new ArchiveRefusal(`it has more than ${MAX_ENTRIES} entries`);
    const parts = safeParts(path);
    if (parts.length === 0) return;
    const inside = parts.join("/");
    if (type === "folder") return void (await mkdir(join(this.#into, inside), { recursive: true }));
    // An archive that names a path twice wants one file to be checked and another to stay.
    if (this.#seen.has(inside)) throw new ArchiveRefusal(`it has the same path twice: ${inside}`);
    this.#seen.add(inside);
    this.paths.push(inside);
    if (type === "file") return this.#write(inside, executable, body);
    checkTarget(parts, target);
    this.#links.set(inside, target);
  }

  /** Makes the links after all files, so that no file is written through a link, and checks the target of each link. */
  async link(): Promise<void> {
    const root = await realpath(this.#into);
    for (const [inside, target] of this.#links) {
      const at = join(this.#into, inside);
      await mkdir(dirname(at), { recursive: true });
      await symlink(target, at);
    }
    for (const inside of this.#links.keys()) {
      const real = await realpath(join(this.#into, inside)).catch(() => undefined);
      if (real === undefined || !real.startsWith(root + sep))
        throw new ArchiveRefusal(`a link in it leads outside or nowhere: ${inside}`);
    }
  }

  async #write(inside: string, executable: boolean, body: AsyncIterable<Buffer>): Promise<void> {
    const at = join(this.#into, inside);
    await mkdir(dirname(at), { recursive: true });
    const file = await open(at, "wx", executable ? 0o755 : 0o644);
    try {
      for await (const part of body) {
        this.#bytes += part.length;
        if (this.#bytes > MAX_UNPACKED_BYTES)
          throw new ArchiveRefusal(`it is larger than ${MAX_UNPACKED_BYTES} bytes unpacked`);
        await file.write(part);
      }
    } finally {
      await file.close();
    }
  }
}
