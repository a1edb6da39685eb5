import type { Host } from "@synaps/host";
import { parseManifest } from "@synaps/sdk/manifest";
import {
  binary,
  defineCatalog,
  flag,
  list,
  metadataOnly,
  modify,
  nullable,
  object,
  oneOfTexts,
  text,
  u64,
  whole,
} from "@synaps/sdk/protocol";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { problemsOf, section } from "../../helpers/manifests.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const kind = {
  permission: "privacy.llm_content",
  toolFilter: false,
  actions: ["continue", "block"],
  delivery: "gate",
  canFailClosed: true,
  since: 1,
  deadlineMs: 5_000,
} as const;

const relay = defineCatalog({
  name: "relay",
  chain: "first_decision",
  kinds: {
    "relay.packet": {
      ...kind,
      description: "A packet passes",
      payload: object({
        session_id: nullable(text()),
        data: object(
          {
            protocol: oneOfTexts("http", "https", "ftp"),
            key: binary(32),
            seq: u64(),
            size: whole({ minimum: 0 }),
            sealed: flag(),
            tags: list(text()),
            device: metadataOnly(text()),
          },
          { optional: ["tags", "device"] },
        ),
      }),
      attributes: {
        protocol: {
          at: "/data/protocol",
          type: "string",
          values: ["http", "https", "ftp"],
          description: "Protocol",
        },
        size: { at: "/data/size", type: "number", description: "Bytes" },
        sealed: { at: "/data/sealed", type: "boolean", description: "True if sealed" },
        tags: { at: "/data/tags", type: "strings", description: "Tags" },
        device: { at: "/data/device", type: "string", description: "Device" },
      },
    },
    "relay.message": {
      ...kind,
      description: "A message is about to be stored",
      payload: object({ data: object({ sender_identity: nullable(binary(32)), recipient_key: binary(32) }) }),
    },
    "relay.before": {
      ...kind,
      description: "A file is about to be read",
      payload: object({
        tool_input: object({ path: text() }),
        data: object({ side: oneOfTexts("in", "out"), owner: metadataOnly(text()) }),
      }),
    },
    "relay.after": {
      ...kind,
      canFailClosed: false,
      actions: ["continue"],
      description: "A file was read",
      payload: object({
        tool_input: object({ path: text() }),
        tool_output: nullable(text()),
        data: object({ side: oneOfTexts("in", "out"), owner: metadataOnly(text()) }),
      }),
    },
    "relay.strict": {
      ...kind,
      canFailClosed: false,
      actions: ["continue"],
      description: "A file was read outside",
      payload: object({ data: object({ side: oneOfTexts("out") }, { open: true }) }, { open: true }),
    },
    "relay.line": {
      ...kind,
      actions: ["continue", "modify"],
      modifies: "data",
      description: "A line is written",
      attributes: { level: { at: "/data/level", type: "number", description: "Level" } },
      payload: object({
        data: object({ text: text({ maxLength: 5 }), level: whole() }, { optional: ["level"] }),
      }),
    },
  },
});

const packet = (change: object = {}, more: object = {}) =>
  ({
    kind: "relay.packet",
    data: {
      protocol: "http",
      key: Buffer.alloc(32).toString("base64"),
      seq: "7",
      size: 3,
      sealed: false,
      ...change,
    },
    ...more,
  }) as never;

const relayHost = async (): Promise<Host> => (await startedHost([], { catalogs: [relay] as never })).host;
const refused = (host: Host, event: never): Promise<string> =>
  host.emit(event).then(
    () => "taken",
    (error: { code: string; message: string; hint: string }) =>
      `${error.code}: ${error.message}. ${error.hint}`,
  );

describe("the payload of a kind", () => {
  it(verifies("FLD-022") + ": is checked before anything is sent, and when nobody subscribes", async () => {
    const host = await relayHost();
    const because = (why: string): string =>
      `EVENT_INVALID: The event 'relay.packet' does not fit its payload: ${why}. Pass what the catalog declares for 'relay.packet'.`;
    const check = async (): Promise<void> => {
      expect(await refused(host, packet())).toBe("taken");
      expect(await refused(host, packet({ protocol: "smtp" }))).toBe(
        because(`'/data/protocol' must be "http", "https", "ftp"`),
      );
      expect(await refused(host, packet({ key: "AAAA" }))).toBe(
        because("'/data/key' must be base64 of 32 bytes, and stands for 3"),
      );
      expect(await refused(host, packet({ seq: "18446744073709551616" }))).toBe(
        because("'/data/seq' must be a whole number from 0 to 2^64-1 in decimal digits"),
      );
      expect(await refused(host, packet({ tags: ["a", 1] }))).toBe(
        because("'/data/tags/1' must be a text, not a number"),
      );
      expect(await refused(host, packet({ sise: 1 }))).toBe(
        because("'/data/sise' there is no 'sise'; did you mean 'size'?"),
      );
      expect(await refused(host, packet({}, { data: null }))).toBe(because("'/data' is missing"));
      expect(await refused(host, packet({}, { message: "m" }))).toContain("'/message' there is no 'message'");
    };
    await check();
    const seen = vi.fn();
    host.subscribe("relay.packet", seen as never);
    await check();
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it("is checked as the snapshot that is sent, whatever a getter says later", async () => {
    const host = await relayHost();
    const seen: unknown[] = [];
    host.subscribe(
      "relay.packet",
      (({ data }: { data: { protocol: string } }) => void seen.push(data.protocol)) as never,
    );
    let looks = 0;
    const data = { ...(packet() as { data: object }).data };
    Object.defineProperty(data, "protocol", {
      enumerable: true,
      get: () => ((looks += 1) > 1 ? "smtp" : "http"),
    });
    await host.emit(packet({}, { data }));
    expect(seen).toEqual(["http"]);
  });

  it(verifies("FLD-025") + ": a sealed sender stays null, in the host and on the way out", async () => {
    const host = await relayHost();
    const seen: unknown[] = [];
    host.subscribe("relay.message", (({ data }: { data: object }) => void seen.push(data)) as never);
    const recipient_key = Buffer.alloc(32, 1).toString("base64");
    const message = (sender_identity: unknown): never =>
      ({ kind: "relay.message", data: { sender_identity, recipient_key } }) as never;
    await host.emit(message(null));
    await host.emit(message(recipient_key));
    expect(seen).toEqual([
      { sender_identity: null, recipient_key },
      { sender_identity: recipient_key, recipient_key },
    ]);
    expect(await refused(host, message(""))).toContain("must be base64 of 32 bytes, and stands for 0");
    expect(await refused(host, { kind: "relay.message", data: { recipient_key } } as never)).toContain(
      "'/data/sender_identity' is missing",
    );
    const plaintext = { sender_identity: null, recipient_key, payload: "hello" };
    expect(await refused(host, { kind: "relay.message", data: plaintext } as never)).toContain(
      "'/data/payload' there is no 'payload'",
    );
  });

  it(
    verifies("FLD-026") + ": is checked around an operation before it runs, and metadata reaches it",
    async () => {
      const host = await relayHost();
      const seen: unknown[] = [];
      for (const kind of ["relay.before", "relay.after"])
        host.subscribe(
          kind as never,
          (({ tool_input, data }: Record<string, unknown>) => void seen.push([tool_input, data])) as never,
        );
      const run = vi.fn((input: unknown) => JSON.stringify(input));
      const around = (data: object, kinds: object = { before: "relay.before", after: "relay.after" }) =>
        host.intercept(kinds as never, { tool_input: { path: "/x" }, data } as never, run as never);
      await expect(around({ side: "up", owner: "me" })).rejects.toMatchObject({ code: "EVENT_INVALID" });
      await expect(around({ side: "in" })).rejects.toMatchObject({
        message: "The event 'relay.before' does not fit its payload: '/data/owner' is missing",
      });
      await expect(
        around({ side: "in", owner: "me" }, { before: "relay.before", after: "relay.strict" }),
      ).rejects.toMatchObject({
        message: "The event 'relay.strict' does not fit its payload: '/data/side' must be \"out\"",
      });
      expect(run).not.toHaveBeenCalled();
      const result = await around({ side: "in", owner: "me" });
      expect(result).toMatchObject({ ran: true, output: '{"path":"/x"}' });
      expect(seen).toEqual([
        [{ path: "/x" }, { side: "in" }],
        [{ path: "/x" }, { side: "in" }],
      ]);
    },
  );

  it(verifies("FLD-023") + ": a rewrite that does not fit it blocks", async () => {
    const host = await relayHost();
    host.subscribe("relay.line", (() => modify({ text: "far too long" })) as never);
    const outcome = await host.emit({ kind: "relay.line", data: { text: "ok" } } as never);
    expect(outcome.votes[0]).toMatchObject({
      verdict: {
        action: "block",
        reason: expect.stringContaining("'/data/text' must have at most 5 characters"),
      },
    });
  });

  it(verifies("FLD-024") + ": metadata stays in the host, and filters may look at it", async () => {
    const folder = tempDir();
    const kit = JSON.stringify(repo("test/fixtures/fixture-kit.mjs"));
    const main = `
      import { appendFileSync } from "node:fs";
      import { CONTINUE, read, serve } from ${kit};
      process.stdin.on("data", (chunk) => appendFileSync(new URL("./bytes", import.meta.url), chunk));
      serve({ initialize: () => ({ protocol_version: 3, capabilities: {}, features: ["meta"] }), hook: () => CONTINUE });`;
    const hooks = [{ hook: "relay.packet", where: { device: "phone-*" } }];
    writeExtension(
      folder,
      "sees",
      {
        ...section({ protocol_version: 3, args: ["main.mjs"], hooks }),
        permissions: ["privacy.llm_content"],
      },
      { "main.mjs": main, bytes: "" },
    );
    const { host } = await startedHost([folder], { catalogs: [relay] as never });
    const inProcess: unknown[] = [];
    host.subscribe("relay.packet", (({ data }: { data: object }) => void inProcess.push(data)) as never);
    const { votes } = await host.emit(packet({ device: "phone-123", tags: ["t"] }));
    const other = await host.emit(packet({ device: "tablet-9" }));
    expect([votes.length, other.votes.length]).toEqual([2, 1]);
    const bytes = readFileSync(join(folder, "sees", "bytes"), "utf8");
    expect(bytes).toContain('"tags":["t"]');
    expect(bytes).not.toContain("phone-123");
    expect(JSON.stringify(inProcess)).not.toMatch(/phone|tablet|device/);
  });
});

describe("a filter on attributes", () => {
  const votesWith = async (where: object, event = packet()): Promise<number> => {
    const host = await relayHost();
    host.subscribe("relay.packet", () => undefined, { filter: { where: where as never } });
    return (await host.emit(event)).votes.length;
  };

  it(verifies("FLD-030") + ": takes one value, several, globs, numbers, truth values and lists", async () => {
    expect(await votesWith({ protocol: "http" })).toBe(1);
    expect(await votesWith({ protocol: ["ftp", "https"] })).toBe(0);
    expect(await votesWith({ protocol: "http*" }, packet({ protocol: "https" }))).toBe(1);
    expect(await votesWith({ size: 3, sealed: false })).toBe(1);
    expect(await votesWith({ size: 3, sealed: true })).toBe(0);
    expect(await votesWith({ size: [1, 2] })).toBe(0);
    expect(await votesWith({ tags: "a*" }, packet({ tags: ["x", "ab"] }))).toBe(1);
    expect(await votesWith({ tags: "a*" }, packet({ tags: [] }))).toBe(0);
    expect(await votesWith({ tags: "a*" })).toBe(0);
    expect(await votesWith({ device: "*" })).toBe(0);
  });

  it(verifies("FLD-031") + ": decides before anything is written", async () => {
    const host = await relayHost();
    host.subscribe("relay.packet", () => undefined, { filter: { where: { protocol: "ftp" } } as never });
    const stringify = vi.spyOn(JSON, "stringify");
    await host.emit(packet());
    expect(stringify).not.toHaveBeenCalled();
    stringify.mockRestore();
  });

  it(verifies("FLD-034") + ": is asked again about what a rewrite made of the event", async () => {
    const host = await relayHost();
    const asked: unknown[] = [];
    host.subscribe(
      "relay.line",
      (({ data }: { data: { level: number } }) => modify({ ...data, level: 9 })) as never,
      {
        id: "rewriter",
        phase: "rewrite",
      },
    );
    const guard = ({ data }: { data: unknown }): void => void asked.push(data);
    host.subscribe("relay.line", guard as never, {
      id: "guard",
      phase: "veto",
      filter: { where: { level: 9 } } as never,
    });
    host.subscribe("relay.line", guard as never, {
      id: "other",
      phase: "veto",
      filter: { where: { level: 1 } } as never,
    });
    const { votes } = await host.emit({ kind: "relay.line", data: { text: "ok", level: 1 } } as never, {
      chain: "rewrite_then_veto",
    });
    expect(votes.map(({ extension }) => extension)).toEqual(["rewriter", "guard"]);
    expect(asked).toEqual([{ text: "ok", level: 9 }]);
  });

  it(verifies("FLD-032") + ": on an attribute that the kind does not have is refused", async () => {
    const host = await relayHost();
    const wrong = (where: object): string => {
      try {
        host.subscribe("relay.packet", () => undefined, { filter: { where } as never });
        return "taken";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(wrong({ protocl: "http" })).toContain("has no attribute 'protocl'. Did you mean 'protocol'?");
    expect(wrong({ size: "3" })).toContain("the attribute 'size' is a number, and no string");
    expect(wrong({ protocol: null })).toContain("'where' must be");
    expect(() =>
      host.subscribe("relay.message", () => undefined, { filter: { where: { a: 1 } } as never }),
    ).toThrow("hook 'relay.message' has no attributes to filter on");
  });

  it(verifies("FLD-033") + ": in a manifest, faults are errors and dead values are named", () => {
    const told = (where: unknown, protocol_version = 3): string[] => {
      const hooks = [{ hook: "relay.packet", where }];
      const extension = { ...section({ protocol_version, hooks }), permissions: ["privacy.llm_content"] };
      const text = JSON.stringify({ name: "sample", extension });
      return problemsOf(parseManifest(text, { id: "sample", catalogs: [relay] })).map(
        ({ severity, pointer, message, hint }) =>
          `${severity} ${pointer.replace("/extension/hooks/0", "")}: ${message}. ${hint ?? ""}`,
      );
    };
    expect(told({ protocol: ["http", "ftp*"], sealed: true, tags: "x" })).toEqual([]);
    expect(told({ protocl: "http" })).toEqual([
      "error /where/protocl: hook 'relay.packet' has no attribute 'protocl'. Did you mean 'protocol'?",
    ]);
    expect(told({ sealed: "yes" })).toEqual([
      "error /where/sealed: the attribute 'sealed' is true or false, and no string. Correct the value.",
    ]);
    expect(told({})[0]).toContain("error /where: 'where' names no attribute");
    expect(told({ protocol: ["http", "htps"] })).toEqual([
      `warning /where/protocol/1: the filter lets no event pass: 'protocol' is never "htps". Did you mean 'https'?`,
    ]);
    expect(told({ protocol: "smtp*" })).toEqual([
      `warning /where/protocol: the filter lets no event pass: 'protocol' is never "smtp*". It is one of http, https, ftp.`,
    ]);
    expect(told({ protocol: [] })).toEqual([
      "warning /where/protocol: the filter lets no event pass: the list of 'protocol' is empty. Remove 'protocol' to take every value.",
    ]);
    expect(told({ protocl: "http", size: 3 }, 1)).toEqual([
      "warning /where/protocl: hook 'relay.packet' has no attribute 'protocl'; under protocol_version 1 it is ignored. Did you mean 'protocol'?",
    ]);
    expect(told("http", 1)).toHaveLength(1);
  });
});
