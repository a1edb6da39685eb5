import { deflateRawSync, gzipSync } from "node:zlib";

export interface Packed {
  path: string;
  data?: string | Buffer;
  /** `0` file, `5` folder, `2` link; anything else as it is. */
  type?: string;
  target?: string;
  mode?: number;
}

/** A tar by hand, so that it can hold what no tool would write. */
export function tar(entries: readonly Packed[]): Buffer {
  const blocks = entries.flatMap(({ path, data = "", type = "0", target = "", mode = 0o644 }) => {
    const body = Buffer.from(data);
    const header = Buffer.alloc(512);
    header.write(path, 0, 100);
    header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100);
    header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write(type, 156);
    header.write(target, 157, 100);
    header.write("ustar\u000000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function tarGz(entries: readonly Packed[]): Buffer {
  return gzipSync(tar(entries));
}

/** A line of a pax header, which counts itself. */
export function paxLine(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

export interface ZipOptions {
  /** Replaces the unpacked size that the table claims. */
  claims?: number;
  flags?: number;
  method?: number;
}

export function zip(entries: readonly Packed[], { claims, flags = 0, method = 8 }: ZipOptions = {}): Buffer {
  const files: Buffer[] = [];
  const table: Buffer[] = [];
  let at = 0;
  for (const { path, data = "", type = "0", target = "", mode = 0o644 } of entries) {
    const body = Buffer.from(type === "2" ? target : data);
    const packed = method === 8 ? deflateRawSync(body) : body;
    const name = Buffer.from(path);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(claims ?? body.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE((((type === "2" ? 0o120000 : 0o100000) | mode) << 16) >>> 0, 38);
    central.writeUInt32LE(at, 42);
    files.push(local, name, packed);
    table.push(central, name);
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(table);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, directory, end]);
}
