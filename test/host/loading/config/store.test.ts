import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { readOwnConfig } from "../../../../packages/host/src/loading/config/config-file.js";
import {
  MAX_CONFIG_BYTES,
  MAX_CONFIG_KEYS,
  writeConfigValue,
  type WriteReport,
} from "../../../../packages/host/src/loading/config/store.js";
import { coverageFor } from "../../../../packages/host/src/loading/inventory/approval.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

/** Sets a key in the file that `place` made. */
function write(path: string, key: string, value: string | undefined): Promise<WriteReport> {
  return writeConfigValue(join(path, "..", "..", ".."), "mine", key, value);
}

function place(text?: string | Buffer): string {
  const path = join(tempDir(), "plugins", "mine", "config");
  if (text === undefined) return path;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

it(
  verifies("CFG-023") + "a file is replaced as a whole, for this user alone, and leaves nothing beside it",
  async () => {
    const path = place("# keep\na = 1\n");
    chmodSync(path, 0o644);
    const before = statSync(path).ino;
    await write(path, "a", "2");
    expect(readFileSync(path, "utf8")).toBe("# keep\na = 2\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(path).ino).not.toBe(before);
    expect(readdirSync(dirname(path))).toEqual(["config"]);
  },
);

it(
  verifies("CFG-023") +
    "folder and file are made when they are not there; what changes nothing writes nothing",
  async () => {
    const path = place();
    await write(path, "a", undefined);
    expect(() => statSync(path)).toThrow("ENOENT");
    await write(path, "a", "1");
    const { mtimeMs, ino } = statSync(path);
    await write(path, "a", "1");
    expect(statSync(path)).toMatchObject({ mtimeMs, ino });
  },
);

it(
  verifies("REC-006") + "a link inside the base folder stays a link; a link out of it is not followed",
  async () => {
    const path = place("");
    const inside = join(dirname(path), "..", "shared-config");
    const outside = join(tempDir(), "dotfile");
    for (const target of [inside, outside]) {
      writeFileSync(target, "a = 1\n");
      rmSync(path);
      symlinkSync(target, path);
      const written = write(path, "a", "2");
      if (target === inside) await written;
      else
        await expect(written).rejects.toMatchObject({
          code: "CONFIG_NOT_WRITTEN",
          message: expect.stringContaining(`is a link to '${realpathSync(outside)}', out of '`),
        });
      expect(readlinkSync(path)).toBe(target);
    }
    expect([inside, outside].map((file) => readFileSync(file, "utf8"))).toEqual(["a = 2\n", "a = 1\n"]);
  },
);

it(
  verifies("REC-006") +
    "an extension that the user linked into the folder keeps its file; no other folder does",
  async () => {
    const path = place();
    const [extension, other] = [tempDir(), tempDir()];
    mkdirSync(join(dirname(path), ".."), { recursive: true });
    mkdirSync(join(extension, ".synaps-plugin"));
    writeFileSync(join(extension, ".synaps-plugin", "plugin.json"), "{}");
    symlinkSync(extension, dirname(path));
    await write(path, "a", "1");
    expect(readFileSync(join(extension, "config"), "utf8")).toBe("a = 1\n");
    rmSync(dirname(path));
    symlinkSync(other, dirname(path));
    await expect(write(path, "a", "1")).rejects.toMatchObject({ code: "CONFIG_NOT_WRITTEN" });
    expect(readdirSync(other)).toEqual([]);
  },
);

it.each([
  ["bytes that are no text", Buffer.from([0x61, 0x3d, 0xff, 0xfe, 0x0a])],
  ["zeros, as after a power cut", Buffer.alloc(64)],
])(verifies("CFG-024") + "a file of %s is named, kept aside and never overwritten", async (_, bytes) => {
  const path = place(bytes);
  await expect(readOwnConfig(path)).rejects.toMatchObject({
    code: "CONFIG_UNREADABLE",
    message: expect.stringContaining(`'${path}' is not text`),
  });
  expect(readFileSync(path)).toEqual(bytes);
  expect(await write(path, "a", "1")).toEqual({ keptAside: `${path}.unreadable` });
  expect(readFileSync(`${path}.unreadable`)).toEqual(bytes);
  expect(readFileSync(path, "utf8")).toBe("a = 1\n");
  writeFileSync(path, Buffer.from([0xff]));
  expect(await write(path, "a", "2")).toEqual({ keptAside: `${path}.unreadable-2` });
  expect(readFileSync(`${path}.unreadable`)).toEqual(bytes);
});

const hashOf = async (root: string): Promise<string> => (await coverageFor({ root, origin: "user" })).hash;

it(verifies("CFG-024") + "what is kept aside, or being written, does not count as changed code", async () => {
  const path = place(Buffer.from([0xff]));
  writeFileSync(join(dirname(path), "main.js"), "1");
  const hash = await hashOf(dirname(path));
  await write(path, "a", "1");
  writeFileSync(join(dirname(path), ".config-123-4.tmp"), "a =");
  expect(await hashOf(dirname(path))).toBe(hash);
  writeFileSync(join(dirname(path), "config.js"), "1");
  expect(await hashOf(dirname(path))).not.toBe(hash);
});

it(verifies("CFG-025") + "what cannot be read or written is an error with a reason", async () => {
  const path = place();
  mkdirSync(path, { recursive: true });
  await expect(readOwnConfig(path)).rejects.toMatchObject({ code: "CONFIG_UNREADABLE" });
  await expect(write(path, "a", "1")).rejects.toMatchObject({ code: "CONFIG_NOT_WRITTEN" });
  const base = tempDir();
  writeFileSync(join(base, "plugins"), "a file in the place of the folder");
  const blocked = join(base, "plugins", "mine", "config");
  await expect(write(blocked, "a", "1")).rejects.toMatchObject({ code: "CONFIG_NOT_WRITTEN" });
  if (process.platform === "win32") return;
  const pipe = place("");
  execFileSync("sh", ["-c", 'rm "$1" && mkfifo "$1"', "sh", pipe]);
  await expect(readOwnConfig(pipe)).rejects.toMatchObject({ code: "CONFIG_UNREADABLE" });
});

it(
  verifies("REC-007") +
    "a configuration file grows neither beyond its keys nor beyond its bytes, and may shrink",
  async () => {
    const path = place();
    for (let n = 0; n < MAX_CONFIG_BYTES / 60_000 - 1; n += 1) await write(path, `k${n}`, "v".repeat(60_000));
    const large = write(path, "more", "v".repeat(60_000));
    await expect(large).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await write(path, "k0", undefined);
    await write(path, "more", "v".repeat(60_000));
    expect(readFileSync(path).length).toBeLessThanOrEqual(MAX_CONFIG_BYTES);

    const many = place(Array.from({ length: MAX_CONFIG_KEYS }, (_, n) => `k${n} = v\n`).join(""));
    await expect(write(many, "more", "v")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await write(many, "k5", "w");
  },
);
