import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArchiveRefusal } from "../../../../packages/host/src/loading/install/archive/entry.js";
import {
  archiveKind,
  unpack,
  type ArchiveKind,
} from "../../../../packages/host/src/loading/install/archive/unpack.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";
import { paxLine, tar, tarGz, zip, type Packed } from "./archives.js";

interface Unpacked {
  into: string;
  /** The folder around it: nothing may appear there. */
  around: string;
  paths: Promise<string[]>;
}

function unpacked(bytes: Buffer, kind: ArchiveKind): Unpacked {
  const around = tempDir();
  const [file, into] = [join(around, "archive"), join(around, "into")];
  writeFileSync(file, bytes);
  mkdirSync(into);
  return { into, around, paths: unpack(file, kind, into) };
}

const KINDS = [
  ["tar.gz", tarGz],
  ["zip", zip],
] as const;

const GOOD: readonly Packed[] = [
  { path: "./bin/run", data: "#!/bin/sh\n", mode: 0o755 },
  { path: "lib/data.bin", data: Buffer.alloc(200_000, 7) },
  { path: "lib/empty" },
  { path: "bin/again", type: "2", target: "../bin/run" },
];

it.each(KINDS)(verifies("INST-010") + "a good %s: files, modes, links inside", async (kind, pack) => {
  const { into, paths } = unpacked(pack(GOOD), kind);
  expect((await paths).sort()).toEqual(["bin/again", "bin/run", "lib/data.bin", "lib/empty"]);
  expect(statSync(join(into, "bin/run")).mode & 0o777).toBe(0o755);
  expect(statSync(join(into, "lib/data.bin"))).toMatchObject({ size: 200_000 });
  expect(statSync(join(into, "lib/data.bin")).mode & 0o111).toBe(0);
  expect(readlinkSync(join(into, "bin/again"))).toBe("../bin/run");
});

it(verifies("INST-010") + "what the system's own tar writes, long names included", async () => {
  const from = tempDir();
  const long = `${"deep/".repeat(30)}${"name".repeat(20)}`;
  mkdirSync(join(from, long, ".."), { recursive: true });
  writeFileSync(join(from, long), "far down");
  for (const format of ["gnu", "pax", "ustar"]) {
    const file = join(tempDir(), "a.tgz");
    execFileSync("tar", ["-czf", file, `--format=${format}`, "-C", from, "deep"]);
    const { into, paths } = unpacked(readFileSync(file), "tar.gz");
    expect(await paths).toEqual([long]);
    expect(readFileSync(join(into, long), "utf8")).toBe("far down");
  }
});

const OUTSIDE: readonly [string, readonly Packed[]][] = [
  ["a path upwards", [{ path: "../evil", data: "x" }]],
  ["a path upwards from within", [{ path: "a/../../evil", data: "x" }]],
  ["an absolute path", [{ path: "/tmp/evil", data: "x" }]],
  ["a drive", [{ path: "C:evil", data: "x" }]],
  ["a backslash", [{ path: "..\\evil", data: "x" }]],
  ["a line break", [{ path: "a\nb", data: "x" }]],
  ["a folder upwards", [{ path: "../evil/", type: "5" }]],
  ["a link upwards", [{ path: "l", type: "2", target: "../evil" }]],
  ["an absolute link", [{ path: "l", type: "2", target: "/etc/passwd" }]],
  ["a link nowhere", [{ path: "l", type: "2", target: "gone" }]],
  ["an empty link", [{ path: "l", type: "2", target: "" }]],
  [
    "a chain of links upwards",
    [
      { path: "a/b/up", type: "2", target: "../.." },
      { path: "evil", type: "2", target: "a/b/up/../evil" },
    ],
  ],
  [
    "a file through a link",
    [
      { path: "l", type: "2", target: "a" },
      { path: "l/evil", data: "x" },
    ],
  ],
  [
    "the same path twice",
    [
      { path: "a", data: "x" },
      { path: "a", data: "y" },
    ],
  ],
  [
    "a path that is too long",
    [
      { path: `${"x".repeat(99)}/`, type: "5" },
      { path: "a\u0000b", data: "x" },
    ],
  ],
];

describe.each(KINDS)("%s", (kind, pack) => {
  it.each(OUTSIDE.filter(([what]) => kind === "zip" || !/too long/.test(what)))(
    verifies("INST-011") + "with %s is refused, and nothing appears outside",
    async (_, entries) => {
      const { around, into, paths } = unpacked(pack(entries), kind);
      await expect(paths).rejects.toThrow(/outside|nowhere|not allowed|twice|same place/);
      expect(readdirSync(around).sort()).toEqual(["archive", "into"]);
      expect(existsSync(join(into, "..", "evil"))).toBe(false);
    },
  );

  it(
    verifies("INST-012") + "that is damaged anywhere is refused or unpacked inside, never more",
    async () => {
      const whole = pack(GOOD);
      const flip = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255), cut: fc.nat(whole.length) });
      await fc.assert(
        fc.asyncProperty(flip, fc.boolean(), async ({ at, to, cut }, cuts) => {
          const bytes = cuts ? whole.subarray(0, cut) : Buffer.from(whole);
          if (!cuts) bytes[at] = to;
          const { around, paths } = unpacked(bytes, kind);
          await paths.catch(() => {});
          expect(readdirSync(around).sort()).toEqual(["archive", "into"]);
        }),
        { numRuns: 150 },
      );
    },
  );
});

describe("tar", () => {
  it.each([
    ["a hard link", [{ path: "l", type: "1", target: "a" }], /no file, folder/],
    ["a device", [{ path: "l", type: "3" }], /no file, folder/],
    ["a pipe", [{ path: "l", type: "6" }], /no file, folder/],
    [
      "a pax path upwards",
      [{ path: "p", type: "x", data: paxLine("path", "../evil") }, { path: "a" }],
      /outside/,
    ],
    [
      "a pax link upwards",
      [
        { path: "p", type: "x", data: paxLine("linkpath", "../evil") },
        { path: "a", type: "2", target: "b" },
      ],
      /outside/,
    ],
    [
      "a pax size of nonsense",
      [{ path: "p", type: "x", data: paxLine("size", "-1") }, { path: "a" }],
      /size/,
    ],
    ["a pax header of nonsense", [{ path: "p", type: "x", data: "9999 path=x\n" }], /makes no sense/],
    ["a GNU name upwards", [{ path: "n", type: "L", data: "../evil\0" }, { path: "a" }], /outside/],
    ["a name of a megabyte", [{ path: "n", type: "L", data: Buffer.alloc(1_000_000, 97) }], /too long/],
  ] as [string, Packed[], RegExp][])(
    verifies("INST-011") + "with %s is refused",
    async (_, entries, message) => {
      const { around, paths } = unpacked(tarGz(entries), "tar.gz");
      await expect(paths).rejects.toThrow(message);
      await expect(paths).rejects.toBeInstanceOf(ArchiveRefusal);
      expect(readdirSync(around).sort()).toEqual(["archive", "into"]);
    },
  );

  it(verifies("INST-012") + "that is no tar, or ends too early, is refused", async () => {
    const whole = tar([{ path: "a", data: "x".repeat(2_000) }]);
    await expect(unpacked(Buffer.from("no gzip"), "tar.gz").paths).rejects.toThrow(/damaged/);
    await expect(unpacked(gzipSync(Buffer.alloc(600, 1)), "tar.gz").paths).rejects.toThrow(/damaged|number/);
    await expect(unpacked(gzipSync(whole.subarray(0, 1_000)), "tar.gz").paths).rejects.toThrow(/too early/);
    await expect(unpacked(gzipSync(whole).subarray(0, 30), "tar.gz").paths).rejects.toThrow(/damaged/);
  });

  it(verifies("INST-013") + "that is far larger unpacked is refused before it is all there", async () => {
    // 600 MiB of zeros are half a megabyte packed.
    const header = tar([{ path: "a" }]).subarray(0, 512);
    const size = 600 * 1024 * 1024;
    header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const file = join(tempDir(), "bomb.tgz");
    execFileSync("bash", [
      "-c",
      `{ printf '%s' "$1" | base64 -d; head -c ${size} /dev/zero; } | gzip -1 > "$2"`,
      "-",
      header.toString("base64"),
      file,
    ]);
    const { paths } = unpacked(readFileSync(file), "tar.gz");
    await expect(paths).rejects.toThrow(/larger than 536870912 bytes/);
  });
});

describe("zip", () => {
  it.each([
    ["it is encrypted", zip(GOOD, { flags: 1 }), /encrypted/],
    ["its method is unknown", zip(GOOD, { method: 12 }), /not supported/],
    [
      "an entry is longer than it says",
      zip([{ path: "a", data: "x".repeat(100) }], { claims: 10 }),
      /as long/,
    ],
    ["an entry is shorter than it says", zip([{ path: "a", data: "x" }], { claims: 10 }), /as long/],
    ["it is none", Buffer.from("PK and no more"), /no zip/],
    ["it is empty", Buffer.alloc(0), /no zip/],
  ] as [string, Buffer, RegExp][])(verifies("INST-012") + "%s: refused", async (_, bytes, message) => {
    await expect(unpacked(bytes, "zip").paths).rejects.toThrow(message);
  });

  it(verifies("INST-010") + "without packing, too", async () => {
    const { into, paths } = unpacked(zip(GOOD, { method: 0 }), "zip");
    await paths;
    expect(readFileSync(join(into, "bin/run"), "utf8")).toBe("#!/bin/sh\n");
  });
});

it(verifies("INST-010") + "the kind follows from the name", () => {
  expect(["a.tar.gz", "A.TGZ", "a.zip", "a.tar", "a.tar.xz", "zip"].map(archiveKind)).toEqual([
    "tar.gz",
    "tar.gz",
    "zip",
    undefined,
    undefined,
    undefined,
  ]);
});
