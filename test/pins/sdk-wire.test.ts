import * as framing from "@synaps/sdk/framing";
import * as protocol from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";

/** Literal values that other programs, logs and people's scripts hold on to. */
describe("on the wire", () => {
  it("versions and features", () => {
    expect(protocol.PROTOCOL_VERSIONS).toEqual([1, 2, 3]);
    expect(protocol.DEFAULT_PROTOCOL_VERSION).toBe(1);
    expect(protocol.SYNAPS_VERSION).toBe("0.7.1");
    expect(protocol.PROTOCOL_FEATURES).toEqual([
      "meta",
      "cancel",
      "ping",
      "batch",
      "progress",
      "config.changed",
      "events",
      "dropped",
    ]);
  });

  it("error codes", () => {
    expect(protocol.WIRE_ERRORS).toEqual({
      parse_error: -32700,
      invalid_request: -32600,
      method_not_found: -32601,
      invalid_params: -32602,
      internal_error: -32603,
      store_error: -32000,
      permission_denied: 1001,
      unknown_hook_kind: 1002,
      unsupported_version: 1003,
      cancelled: 1004,
      overloaded: 1005,
      extension_error: 1006,
    });
  });

  it("actions, the envelope and the reasons of abstentions", () => {
    expect(protocol.ACTIONS.join(" ")).toBe(
      "continue block confirm modify inject replace cache redirect retry fork skip",
    );
    expect(protocol.ENVELOPE_KEYS.join(" ")).toBe(
      "kind tool_name tool_runtime_name tool_input tool_output message session_id transcript data",
    );
    expect(Object.keys(protocol.ABSTENTION_REASONS).join(" ")).toBe(
      "timeout error crash starting restarting failed quarantined stopped busy overloaded budget breaker poison invalid denied too_large",
    );
  });

  it("permissions", () => {
    expect(Object.keys(protocol.PERMISSIONS)).toHaveLength(16);
    expect(Object.keys(protocol.PERMISSIONS).join(" ")).toBe(
      "tools.intercept tools.transform_output privacy.llm_content session.lifecycle session.drive tools.register " +
        "providers.register context_providers.register memory.read memory.write config.write config.subscribe " +
        "audio.input audio.output hooks.fail_closed environment.inherit",
    );
    expect(protocol.RESERVED_PERMISSIONS).toEqual(["tools.override"]);
  });

  it("limits in bytes", () => {
    expect({ ...framing }).toMatchObject({
      MAX_HEADER_BYTES: 8_192,
      MAX_INBOUND_BODY_BYTES: 4_194_304,
      MAX_OUTBOUND_BODY_BYTES: 33_554_432,
      MAX_QUEUED_BYTES: 67_108_864,
      MAX_SKIPPED_BODY_BYTES: 268_435_456,
    });
  });
});
