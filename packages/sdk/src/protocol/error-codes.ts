/** Numeric error codes on the wire. Standard ones from JSON-RPC 2.0; ours lie outside its reserved range. */
export const WIRE_ERRORS = {
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
} as const;

/** Name of a JSON-RPC error of this protocol: a key of `WIRE_ERRORS`. */
export type WireErrorName = keyof typeof WIRE_ERRORS;
