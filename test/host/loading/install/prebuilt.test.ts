import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineKey, planSetup, setUp, type InstallLimits, type SetupReport } from "@synaps/host/tooling";
import { describe, expect, it } from "vitest";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";
import { tarGz, zip, type Packed } from "./archives.js";
import { assetServer, type AssetServer } from "./server.js";
import { installed, KEY, sha256, type Installed } from "./support.js";

const TOOL: Packed = { path: "bin/tool", data: "#!/bin/sh\necho prebuilt\n", mode: 0o755 };
const GOOD = tarGz([TOOL, { path: "share/data", data: "d" }]);

function withAsset(
  server: AssetServer,
  bytes: Buffer,
  change: { url?: string; sha256?: string; setup?: string; limits?: Partial<InstallLimits> } = {},
): Installed {
  const { url = `${server.origin}/tool.tar.gz`, sha256: hash = sha256(bytes), setup, limits } = change;
  return installed(
    { command: "bin/tool", prebuilt: { [KEY]: { url, sha256: hash } }, ...(setup ? { setup } : {}) },
    setup ? { [setup]: "mkdir -p bin; cp /bin/sh bin/tool; touch built" } : {},
    { fetch: server.fetch, ...(limits ? { limits } : {}) },
  );
}

async function run({ root, options }: Installed): Promise<SetupReport> {
  return setUp(await planSetup(root, options), options);
}

/** Nothing was unpacked, and nothing lies around. */
function untouched({ base, root }: Installed): void {
  expect(readdirSync(root)).toEqual([".synaps-plugin"]);
  const staging = join(base, "extensions", "unpack");
  expect(existsSync(staging) ? readdirSync(staging) : []).toEqual([]);
}

it.each([
  ["tar.gz", GOOD],
  ["tgz", GOOD],
  ["zip", zip([TOOL, { path: "share/data", data: "d" }])],
])(verifies("INST-030") + "a .%s is fetched, checked and unpacked into the folder", async (kind, bytes) => {
  const server = await assetServer({ [`/tool.${kind}`]: bytes });
  const one = withAsset(server, bytes, { url: `${server.origin}/tool.${kind}` });
  expect(await run(one)).toMatchObject({ did: "prebuilt", files: ["bin/tool", "share/data"] });
  expect(readFileSync(join(one.root, "bin/tool"), "utf8")).toContain("echo prebuilt");
  expect(readdirSync(join(one.base, "extensions", "unpack"))).toEqual([]);
  // Again, over what is there.
  expect(await run(one)).toMatchObject({ did: "prebuilt" });
});

it(verifies("INST-031") + "another hash is fatal: neither it nor the script is used", async () => {
  const server = await assetServer({ "/tool.tar.gz": GOOD });
  const one = withAsset(server, GOOD, { sha256: sha256(Buffer.from("other")), setup: "setup.sh" });
  await expect(run(one)).rejects.toMatchObject({
    code: "PREBUILT_CHECKSUM",
    message: expect.stringContaining(sha256(GOOD)),
  });
  expect(existsSync(join(one.root, "built"))).toBe(false);
  const record = JSON.parse(readFileSync(join(one.base, "plugins.json"), "utf8")) as object;
  expect(record).toEqual({ installed: [{ name: "tool", setup_status: "failed" }] });
});

it.each([
  ["upwards", tarGz([{ path: "../evil", data: "x" }])],
  ["a link outside", tarGz([{ path: "l", type: "2", target: "../../evil" }])],
  ["over the manifest", tarGz([{ path: ".synaps-plugin/plugin.json", data: "{}" }])],
  ["over the manifest in capitals", tarGz([{ path: ".Synaps-Plugin/plugin.json", data: "{}" }])],
  ["no archive", Buffer.from("hello")],
])(verifies("INST-032") + "%s: refused, and the folder is as it was", async (_, bytes) => {
  const server = await assetServer({ "/tool.tar.gz": bytes });
  const one = withAsset(server, bytes);
  await expect(run(one)).rejects.toMatchObject({ code: "PREBUILT_UNSAFE" });
  untouched(one);
});

it(verifies("INST-032") + "a link that is already in the folder leads no file outside", async () => {
  const server = await assetServer({ "/tool.tar.gz": GOOD });
  const one = withAsset(server, GOOD);
  const elsewhere = tempDir();
  symlinkSync(elsewhere, join(one.root, "share"));
  await expect(run(one)).rejects.toMatchObject({ code: "PREBUILT_UNSAFE" });
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(existsSync(join(one.root, "bin"))).toBe(false);
});

it(verifies("INST-032") + "a file does not replace a folder", async () => {
  const server = await assetServer({ "/tool.tar.gz": GOOD });
  const one = withAsset(server, GOOD);
  mkdirSync(join(one.root, "bin", "tool"), { recursive: true });
  await expect(run(one)).rejects.toMatchObject({ code: "PREBUILT_UNSAFE" });
});

describe("fetching", () => {
  it.each([
    "http://127.0.0.1/tool.tar.gz",
    "file:///tmp/tool.tar.gz",
    "https://me:pw@127.0.0.1/a.zip",
    "tool.zip",
  ])(verifies("INST-033") + "%s is refused before anything is fetched", async (url) => {
    const server = await assetServer({});
    await expect(run(withAsset(server, GOOD, { url }))).rejects.toMatchObject({ code: "SETUP_INVALID" });
    expect(server.asked).toEqual([]);
  });

  it.each([
    ["a hash that is none", { sha256: "abc" }],
    ["a kind that is unknown", { url: "https://127.0.0.1/tool.tar.xz" }],
  ])(verifies("INST-033") + "%s is refused before anything is fetched", async (_, change) => {
    const server = await assetServer({});
    await expect(run(withAsset(server, GOOD, change))).rejects.toMatchObject({ code: "SETUP_INVALID" });
    expect(server.asked).toEqual([]);
  });

  it(verifies("INST-034") + "redirects are followed over https only, and not for ever", async () => {
    const server = await assetServer({
      "/tool.tar.gz": (_, response) => void response.writeHead(302, { location: "/moved" }).end(),
      "/moved": GOOD,
      "/plain.zip": (_, response) => void response.writeHead(301, { location: "http://127.0.0.1/x" }).end(),
      "/loop.zip": (_, response) => void response.writeHead(302, { location: "/loop.zip" }).end(),
    });
    expect(await run(withAsset(server, GOOD))).toMatchObject({ did: "prebuilt" });
    expect(server.asked).toEqual(["/tool.tar.gz", "/moved"]);
    await expect(run(withAsset(server, GOOD, { url: `${server.origin}/plain.zip` }))).rejects.toMatchObject({
      code: "SETUP_INVALID",
    });
    await expect(run(withAsset(server, GOOD, { url: `${server.origin}/loop.zip` }))).rejects.toMatchObject({
      code: "PREBUILT_UNREACHABLE",
      message: expect.stringContaining("redirected more than 5 times"),
    });
  });

  it(verifies("INST-035") + "what is too large is refused, said or not", async () => {
    const large = Buffer.alloc(5_000);
    const server = await assetServer({
      "/tool.tar.gz": (_, response) => void response.writeHead(200, { "content-length": "5000" }).end(large),
      "/quiet.tar.gz": (_, response) => {
        for (let n = 0; n < 5; n += 1) response.write(large.subarray(0, 1_000));
        response.end();
      },
    });
    for (const url of [undefined, `${server.origin}/quiet.tar.gz`]) {
      const one = withAsset(server, large, { limits: { downloadBytes: 4_000 }, ...(url ? { url } : {}) });
      await expect(run(one)).rejects.toMatchObject({
        code: "PREBUILT_UNSAFE",
        message: expect.stringContaining("larger than 4000 bytes"),
      });
      untouched(one);
    }
  });

  it(verifies("INST-036") + "a server that is slow to answer, or to finish, is given up", async () => {
    const server = await assetServer({
      "/tool.tar.gz": () => {},
      "/drips.tar.gz": (_, response) => void response.write("x"),
    });
    await expect(run(withAsset(server, GOOD, { limits: { connectMs: 150 } }))).rejects.toMatchObject({
      code: "PREBUILT_UNREACHABLE",
      message: expect.stringContaining("did not answer within 150 ms"),
    });
    const url = `${server.origin}/drips.tar.gz`;
    await expect(run(withAsset(server, GOOD, { url, limits: { downloadMs: 1_500 } }))).rejects.toMatchObject({
      code: "PREBUILT_UNREACHABLE",
      message: expect.stringContaining("longer than 1500 ms"),
    });
  });

  it(verifies("INST-036") + "a certificate that nobody vouches for is not accepted", async () => {
    const server = await assetServer({ "/tool.tar.gz": GOOD });
    const one = withAsset(server, GOOD);
    const { fetch: _, ...options } = one.options;
    await expect(run({ ...one, options })).rejects.toMatchObject({ code: "PREBUILT_UNREACHABLE" });
    untouched(one);
  });

  it(
    verifies("INST-037") + "what cannot be fetched falls back to the script, if there is one, and says so",
    async () => {
      const server = await assetServer({});
      await expect(run(withAsset(server, GOOD))).rejects.toMatchObject({
        code: "PREBUILT_UNREACHABLE",
        message: expect.stringContaining("answered 404"),
      });
      const one = withAsset(server, GOOD, { setup: "setup.sh" });
      expect(await run(one)).toMatchObject({ did: "script", fellBack: expect.stringContaining("404") });
      expect(existsSync(join(one.root, "built"))).toBe(true);
    },
  );
});

it(verifies("INST-038") + "each machine has one word; others use the script", async () => {
  const machines = [
    ["linux", "x64"],
    ["darwin", "arm64"],
    ["win32", "x64"],
    ["linux", "arm"],
    ["freebsd", "x64"],
  ] as const;
  expect(machines.map(([platform, arch]) => machineKey(platform, arch))).toEqual([
    "linux-x86_64",
    "darwin-arm64",
    "windows-x86_64",
    undefined,
    undefined,
  ]);
  const server = await assetServer({ "/tool.tar.gz": GOOD });
  const one = withAsset(server, GOOD, { setup: "setup.sh" });
  expect(await run({ ...one, options: { ...one.options, platform: "darwin" } })).toMatchObject({
    did: "script",
  });
  expect(server.asked).toEqual([]);
  writeFileSync(join(one.root, "built"), "");
});
