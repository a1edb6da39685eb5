import { MAX_FIELDS } from "../../../packages/sdk/src/manifest/field-rules.js";
import { parseManifest } from "@synaps/sdk/manifest";
import { defineCatalog, list, metadataOnly, object, text } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { complaints, hookComplaints, parse, problemsOf, section } from "../../helpers/manifests.js";
import { verifies } from "../../requirements/verifies.js";

const AT = "/extension/hooks/0/fields";
const veto = (fields: unknown): string[] => hookComplaints({ phase: "veto", fields });

describe("fields of a hook", () => {
  it("may name members of the envelope, whole or in part", () => {
    expect(veto(["/tool_name", "/tool_input/command", "/tool_input/a~1b/~0", "/data", "/kind"])).toEqual([]);
    expect(veto(Array.from({ length: MAX_FIELDS }, (_, n) => `/tool_input/k${n}x`))).toEqual([]);
  });

  it.each([
    [[], `${AT}: 'fields' names no field`],
    [
      Array.from({ length: MAX_FIELDS + 1 }, (_, n) => `/tool_input/k${n}x`),
      `${AT}: 'fields' has 65 pointers, and 64 are the most`,
    ],
    [[""], `${AT}/0: the empty pointer is the whole event`],
    [["tool_name"], `${AT}/0: 'tool_name' is no JSON pointer: it does not begin with '/'`],
    [["/tool_input/a~2"], `${AT}/0: '/tool_input/a~2' has a '~' that escapes nothing`],
    [["/tool_input/a~"], `${AT}/0: '/tool_input/a~' has a '~' that escapes nothing`],
    [["/tool_names"], `${AT}/0: '/tool_names' names no member of an event`],
    [["/meta"], `${AT}/0: '/meta' names no member of an event`],
    [["/__proto__/x"], `${AT}/0: '/__proto__/x' names no member of an event`],
    [["/message/x"], `${AT}/0: '/message/x' leads into a text`],
    [["/transcript/role"], `${AT}/0: '/transcript/role' leads into a list, whose items cannot be picked`],
    [
      ["/kind", "/tool_input/files/0"],
      `${AT}/1: '/tool_input/files/0' leads into a list, whose items cannot be picked`,
    ],
    [["/data/list/-"], `${AT}/0: '/data/list/-' leads into a list, whose items cannot be picked`],
    [[`/data/${"x".repeat(600)}`], `${AT}/0: '/data/${"x".repeat(58)}…' is over 512 characters long`],
  ])(verifies("FLD-001") + ": %j is refused", (fields, complaint) => {
    expect(veto(fields)).toEqual([complaint]);
  });

  it("suggests what was meant", () => {
    const hintOf = (pointer: string): string | undefined =>
      problemsOf(
        parse(section({ protocol_version: 3, hooks: [{ hook: "before_tool_call", fields: [pointer] }] })),
      )[0]?.hint;
    expect([hintOf("tool_name"), hintOf("/tool_inputs/command"), hintOf("/tool_input/files/0/x")]).toEqual([
      "Did you mean '/tool_name'?",
      "Did you mean '/tool_input/command'?",
      "Name the list itself: '/tool_input/files'.",
    ]);
  });

  it("follows what the kind declares about its payload", () => {
    const payload = object(
      { data: object({ proto: text(), peers: list(text()), token: metadataOnly(text()) }) },
      { open: true },
    );
    const catalog = defineCatalog({
      name: "own",
      chain: "first_decision",
      kinds: {
        "own.seen": {
          permission: "tools.intercept",
          toolFilter: false,
          actions: ["continue"],
          delivery: "observe",
          canFailClosed: false,
          since: 1,
          deadlineMs: 5_000,
          description: "Something was seen",
          payload,
        },
      },
    });
    const told = (...fields: string[]): string[] => {
      const extension = section({ protocol_version: 3, hooks: [{ hook: "own.seen", fields }] });
      const text = JSON.stringify({ name: "sample", extension });
      return problemsOf(parseManifest(text, { id: "sample", catalogs: [catalog] })).map(
        ({ message, hint }) => `${message}. ${hint ?? ""}`,
      );
    };
    expect(told("/data/proto", "/data/peers", "/session_id")).toEqual([]);
    expect(told("/data/prot")).toEqual([
      "'/data/prot' names nothing: events of this kind have no 'prot' there. Did you mean '/data/proto'?",
    ]);
    expect(told("/data/token")).toEqual([
      "'/data/token' stays in the host: it is metadata only. Remove the pointer.",
    ]);
    expect(told("/data/proto/x")).toEqual(["'/data/proto/x' leads into string. Name '/data/proto' itself."]);
    expect(told("/data/peers/x")[0]).toContain("leads into a list");
  });

  it(
    verifies("FLD-002") + ": an action whose field is projected away is named, and refused for a rewriter",
    () => {
      const away = "its 'modify' would be refused: '/tool_input', which it changes, is not among its fields";
      const parsed = (hook: object): unknown => {
        const extension = section({ protocol_version: 3, hooks: [{ hook: "before_tool_call", ...hook }] });
        return problemsOf(parse(extension)).map(({ severity, message }) => [severity, message]);
      };
      expect(parsed({ fields: ["/tool_name"] })).toEqual([["warning", away]]);
      expect(parsed({ fields: ["/tool_name"], phase: "rewrite" })).toEqual([["error", away]]);
      expect(parsed({ fields: ["/tool_name"], phase: "veto" })).toEqual([]);
      expect(parsed({ fields: ["/tool_input/command"], phase: "rewrite" })).toEqual([]);
      expect(hookComplaints({ hook: "after_tool_call", fields: ["/tool_name"] })).toEqual([
        `${AT}: its 'replace' would be refused: '/tool_output', which it changes, is not among its fields`,
      ]);
      expect(hookComplaints({ hook: "on_session_start", fields: ["/session_id"] })).toEqual([]);
    },
  );

  it(verifies("FLD-003") + ": under protocols 1 and 2 they are left out with a warning", () => {
    for (const protocol_version of [1, 2]) {
      const hooks = [{ hook: "before_tool_call", fields: ["/tool_name"] }];
      const parsed = parse(section({ protocol_version, hooks }));
      expect(problemsOf(parsed).map(({ severity, message }) => [severity, message])).toEqual([
        [
          "warning",
          `'fields' needs protocol_version 3: without it the hook gets whole events; under protocol_version ${protocol_version} it is ignored`,
        ],
      ]);
      expect(parsed.kind === "extension" && "fields" in (parsed.extension.hooks[0] ?? {})).toBe(false);
    }
    expect(complaints({ hooks: [{ hook: "before_tool_call", fields: "all" }] })).toHaveLength(1);
    expect(hookComplaints({ fields: "all" })).toHaveLength(1);
  });
});
