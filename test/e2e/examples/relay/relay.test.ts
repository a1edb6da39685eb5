import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { createHost } from "@synaps/host";
import { messagingCatalog } from "@synaps/sdk/catalogs";
import { expect, it, onTestFinished } from "vitest";
import { Client } from "../../../../examples/relay/src/client.js";
import { startRelay } from "../../../../examples/relay/src/relay.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";

const newKey = (): string => randomBytes(32).toString("base64");

/** A relay with a client that is logged in, and all that the host was told, as text. */
async function relay(refuse: (bytes: number) => string | undefined = () => undefined) {
  const host = createHost({ catalogs: [messagingCatalog], folders: [], baseDir: tempDir() });
  await host.start();
  const told: string[] = [];
  for (const kind of Object.keys(messagingCatalog.kinds) as (keyof typeof messagingCatalog.kinds)[])
    host.subscribe(kind, (event) => void told.push(JSON.stringify(event)));
  host.subscribe("messaging.message_enqueue", ({ data: { payload_len } }) => {
    const reason = refuse(payload_len);
    return reason === undefined ? undefined : { action: "block", reason };
  });
  const { port, close } = await startRelay(host);
  onTestFinished(async () => {
    await close();
    await host.stop();
  });
  const client = await Client.to(port);
  const key = newKey();
  await client.ask({ op: "register", username: "u", key, password: "p" });
  expect(await client.ask({ op: "login", username: "u", password: "p" })).toEqual({ ok: true });
  return { host, port, told, client, key };
}

it("a block tells the client why, and nothing is stored; in a batch each message has its own answer", async () => {
  const { host, client, key, told } = await relay((bytes) => (bytes > 3 ? "too much" : undefined));
  const send = (bytes: number) => ({ to: key, payload: Buffer.alloc(bytes).toString("base64") });
  expect(await client.ask({ op: "send", ...send(4) })).toEqual({ ok: false, error: "too much" });
  expect(await client.ask({ op: "fetch" })).toEqual({ ok: true, messages: [] });
  expect(await client.ask({ op: "batch", messages: [send(1), send(4), send(3)] })).toEqual({
    ok: true,
    results: [
      { ok: true, seq: "2" },
      { ok: false, error: "too much" },
      { ok: true, seq: "4" },
    ],
  });
  await host.settled();
  const batches = told.map((text) => JSON.parse(text)).filter(({ kind }) => kind.endsWith("batch_enqueue"));
  expect(batches.map(({ data }) => data.map(({ seq, payload_len }: never) => [seq, payload_len]))).toEqual([
    [
      ["2", 1],
      ["4", 3],
    ],
  ]);
  expect((await client.ask({ op: "fetch" })).messages?.map(({ seq }) => seq)).toEqual(["2", "4"]);
  // Nothing of it is stored: there is no event of a batch.
  await client.ask({ op: "batch", messages: [send(4)] });
  await host.settled();
  expect(told.filter((text) => text.includes("batch_enqueue"))).toHaveLength(1);
});

it("no event has anything of the content, of a password, or of a sealed sender", async () => {
  const { host, client, key, told } = await relay();
  const payload = Buffer.from("the content itself").toString("base64");
  await client.ask({ op: "send", to: newKey(), payload, sealed: true });
  await client.ask({ op: "batch", messages: [{ to: newKey(), payload, sealed: true }] });
  await client.ask({ op: "login", username: "u", password: "a wrong password" });
  await host.settled();
  const [before, after] = [told.slice(0, 2), told.slice(2).join()];
  expect(before.join()).toContain(key);
  expect(after).toContain(`"sender_identity":null`);
  for (const secret of [payload, "the content", key, "a wrong password"]) expect(after).not.toContain(secret);
});

it("refuses what is no request, says why, and goes on", async () => {
  const { client, port } = await relay();
  const short = Buffer.alloc(31).toString("base64");
  for (const [request, error] of [
    ["\0", "a request is one line of JSON"],
    [{ op: "send", to: short, payload: "" }, "'to' is a key: 32 bytes in base64"],
    [{ op: "send", to: newKey(), payload: "%" }, "'payload' is base64"],
    [{ op: "batch", messages: Array(10_001).fill({}) }, "'messages' is a list of at most 10000"],
    [{ op: "fetch", channel: "AAAA" }, "'channel' is 16 bytes in base64, or empty"],
    [{ op: "fetch", wait_ms: 1e9 }, "'wait_ms' is a whole number of at most 30000"],
    [{ op: "register", username: "u", key: newKey(), password: "p" }, "the name is taken"],
  ] as const)
    expect(await client.ask(request)).toEqual({ ok: false, error });
  const stranger = await Client.to(port);
  for (const op of ["fetch", "channel"])
    expect(await stranger.ask({ op, peer: newKey() })).toEqual({ ok: false, error: "log in first" });
  expect(await stranger.ask({ op: "send", to: newKey(), payload: "" })).toEqual({
    ok: false,
    error: "log in first, or seal the sender",
  });
  // One that never ends its line is put out, and nobody else is.
  await expect(stranger.ask("x".repeat(17 * 1024 * 1024))).rejects.toThrow();
  expect(await client.ask({ op: "fetch" })).toEqual({ ok: true, messages: [] });
});

it("the example fires every kind, and two extensions see each of them", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    repo("examples/relay/dist/main.js"),
  ]);
  expect(stderr).toBe("");
  expect(stdout).toContain(
    "message too large: refused: The content has 1001 bytes; at most 1000 are allowed.",
  );
  expect(stdout).toContain("batch of 10,000: 9990 stored, 10 refused, 9990 fetched");
  for (const kind of Object.keys(messagingCatalog.kinds))
    expect(stdout).toMatch(new RegExp(`^${kind.replace(".", "\\.")} +([1-9]\\d*) +(\\1|absent) +\\1 `, "m"));
});
