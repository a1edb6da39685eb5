import { readFileSync } from "node:fs";
import { CATALOGS, describeCatalog } from "@synaps/sdk/catalogs";
import {
  defineCatalog,
  type Catalog,
  type HookKindSpec,
  type PayloadOf,
  type PayloadSchema,
} from "@synaps/sdk/protocol";
import { describe, expect, expectTypeOf, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { verifies } from "../../requirements/verifies.js";

const OURS: readonly Catalog[] = Object.values(CATALOGS);
const { gateway, messaging, proxy, agent } = CATALOGS;
const kindsOf = ({ kinds }: Catalog): [string, HookKindSpec][] => Object.entries(kinds);
const dataOf = (spec: HookKindSpec): PayloadSchema | undefined => spec.payload?.properties?.["data"];
const allowing = (catalog: Catalog, action: string): string[] =>
  kindsOf(catalog).flatMap(([kind, { actions }]) => (actions.some((one) => one === action) ? [kind] : []));

describe(verifies("CATALOG-004") + "the catalogs that come along", () => {
  it("have names of their own, and kinds with the catalog's name in front", () => {
    expect(OURS.map(({ name }) => name)).toEqual(Object.keys(CATALOGS));
    for (const catalog of OURS.slice(1))
      for (const [kind] of kindsOf(catalog)) expect(kind.startsWith(`${catalog.name}.`)).toBe(true);
    const all = OURS.flatMap(kindsOf).map(([kind]) => kind);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(OURS.map(({ name }) => name))("%s can be read back from its generated file", (name) => {
    const json = JSON.parse(readFileSync(repo(`manifests/catalogs/${name}.json`), "utf8")) as Catalog;
    const catalog = defineCatalog(json);
    expect(describeCatalog(catalog)).toEqual(json);
    if (name !== "synaps") expect(catalog).toEqual(CATALOGS[name as keyof typeof CATALOGS]);
  });

  it.each(OURS.map((one) => [one.name, one] as const))(
    "%s passes the check that other catalogs pass, and is frozen as they are",
    (_name, catalog) => {
      const checked = defineCatalog(structuredClone(catalog));
      expect(checked).not.toBe(catalog);
      expect(checked).toStrictEqual(catalog);
      expect(defineCatalog(catalog)).toBe(catalog);
      const open: string[] = [];
      const look = (value: unknown, path: string): void => {
        if (typeof value !== "object" || value === null) return;
        if (!Object.isFrozen(value)) open.push(path);
        for (const [key, one] of Object.entries(value)) look(one, `${path}/${key}`);
      };
      look(catalog, "");
      expect(open).toEqual([]);
    },
  );

  it("say in a sentence what each of their permissions allows", () => {
    const sentences = OURS.flatMap(({ permissions = {} }) => Object.values(permissions));
    expect(sentences.length).toBeGreaterThan(8);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it("need a second permission for every answer that changes something, but not to go on", () => {
    for (const catalog of OURS.slice(1))
      for (const [kind, { actions, actionPermissions = {} }] of kindsOf(catalog))
        expect(Object.keys(actionPermissions).sort(), kind).toEqual(
          actions.filter((action) => action !== "continue").sort(),
        );
  });
});

describe("gateway", () => {
  it("has the twelve events of a gateway", () => {
    expect(Object.keys(gateway.kinds)).toHaveLength(12);
    expect(gateway.kinds["gateway.shutdown"].delivery).toBe("lifecycle");
  });

  it("carries facts: no place of the envelope could hold arguments, output or prompts", () => {
    for (const [kind, { payload }] of kindsOf(gateway)) {
      expect(payload?.additionalProperties, kind).toBe(false);
      expect(["data", "tool_name"], kind).toEqual(
        expect.arrayContaining(Object.keys(payload?.properties ?? {})),
      );
    }
  });

  it("lets be aborted what its document says", () => {
    expect(allowing(gateway, "block")).toEqual([
      "gateway.startup",
      "gateway.connection",
      "gateway.auth_success",
      "gateway.auth_failure",
      "gateway.before_tool_call",
      "gateway.after_tool_call",
      "gateway.before_provider_call",
      "gateway.security_event",
    ]);
    expect(allowing(gateway, "modify")).toEqual(allowing(gateway, "block"));
  });

  it("has the members of each event", () => {
    const members = kindsOf(gateway).map(([kind, spec]) => [
      kind,
      Object.keys(dataOf(spec)?.properties ?? {}),
    ]);
    expect(Object.fromEntries(members)).toEqual({
      "gateway.startup": ["gateway_url", "tls_enabled"],
      "gateway.shutdown": [],
      "gateway.connection": ["peer_addr", "peer_ip"],
      "gateway.disconnection": ["peer_addr", "duration"],
      "gateway.config_reload": ["changes"],
      "gateway.auth_success": ["peer_addr", "method"],
      "gateway.auth_failure": ["peer_addr", "method", "attempts", "locked_out"],
      "gateway.before_tool_call": ["tool_id"],
      "gateway.after_tool_call": ["tool_id", "success"],
      "gateway.before_provider_call": ["provider", "model"],
      "gateway.after_provider_call": ["provider", "model", "success", "input_tokens", "output_tokens"],
      "gateway.security_event": ["event_type", "action", "reason", "peer_addr"],
    });
  });
});

describe("messaging", () => {
  type Message = PayloadOf<(typeof messaging.kinds)["messaging.message_enqueue"]["payload"]>["data"];
  type Batch = PayloadOf<(typeof messaging.kinds)["messaging.batch_enqueue"]["payload"]>["data"];

  it("lets only a message that is about to be stored be refused", () => {
    expect(Object.keys(messaging.kinds)).toHaveLength(6);
    expect(allowing(messaging, "block")).toEqual(["messaging.message_enqueue"]);
    const others = kindsOf(messaging).filter(([kind]) => kind !== "messaging.message_enqueue");
    for (const [kind, { delivery, actions }] of others)
      expect([kind, delivery, actions]).toEqual([kind, "observe", ["continue"]]);
  });

  it("types a sealed sender as null and a number of 64 bits as a text", () => {
    expectTypeOf<Message>().toEqualTypeOf<{
      sender_identity: string | null;
      recipient_key: string;
      channel_id: string;
      payload_len: number;
      seq: string;
    }>();
    expectTypeOf<Batch>().toEqualTypeOf<Message[]>();
  });
});

describe("proxy", () => {
  it("streams a connection's beginning, each chunk and its end", () => {
    const streams = kindsOf(proxy).map(([kind, { delivery, permission }]) => [kind, delivery, permission]);
    expect(streams).toEqual([
      ["proxy.open", "stream", "proxy.observe"],
      ["proxy.packet", "stream", "proxy.content"],
      ["proxy.close", "stream", "proxy.observe"],
    ]);
  });

  it("can be attached by protocol, by client and by direction", () => {
    expect(Object.keys(proxy.kinds["proxy.packet"].attributes)).toEqual([
      "protocol",
      "client_addr",
      "direction",
    ]);
    for (const [kind, { attributes }] of kindsOf(proxy)) expect(attributes, kind).toHaveProperty("protocol");
  });
});

describe("agent", () => {
  it("has the points of the core, and one for those that a program names", () => {
    expect(Object.keys(agent.kinds)).toHaveLength(44);
    expect(agent.kinds["agent.custom"].attributes).toHaveProperty("point");
  });

  it("lets every point be selected by its component", () => {
    for (const [kind, { attributes }] of kindsOf(agent))
      for (const name of ["component_type", "component_name", "tags"])
        expect(attributes, kind).toHaveProperty(name);
  });

  it("asks for a permission of its own before content is seen", () => {
    for (const [kind, spec] of kindsOf(agent)) {
      const hasContent =
        dataOf(spec)?.additionalProperties !== false ||
        Object.keys(spec.payload?.properties ?? {}).some((name) => name.startsWith("tool_"));
      expect([kind, spec.permission]).toEqual([kind, hasContent ? "agent.content" : "agent.events"]);
    }
  });
});
