import { ownCatalog } from "../protocol/define-catalog.js";
import { binary, object, oneOfTexts, text, u64 } from "../protocol/payload.js";
import { DEFAULT_DEADLINE_MS } from "../protocol/synaps-catalog.js";

/** A tap: the traffic goes on whatever an extension does, and one session never waits for another. */
const tap = {
  toolFilter: false,
  delivery: "stream",
  actions: ["continue"],
  canFailClosed: false,
  since: 3,
  deadlineMs: DEFAULT_DEADLINE_MS,
} as const;

const session = u64({ description: "Number of the connection; events of one connection come in order" });
const protocol = text({ description: "Protocol that the proxy recognised, for instance http" });
const client = text({ description: "Address and port of the client" });

const byProtocol = {
  protocol: { at: "/data/protocol", type: "string", description: "Protocol that the proxy recognised" },
  client_addr: { at: "/data/client_addr", type: "address", description: "Address of the client, any port" },
} as const;

/** Traffic through a proxy: connections, and each chunk of bytes once, with the direction in which it went. */
export const proxyCatalog = ownCatalog({
  name: "proxy",
  version: "1.0.0",
  chain: "rewrite_then_veto",
  permissions: {
    "proxy.observe": "Be told when connections open and close, and from which address they come",
    "proxy.content": "Read all bytes that pass through the proxy, in both directions",
  },
  kinds: {
    "proxy.open": {
      ...tap,
      permission: "proxy.observe",
      description: "A connection was recognised and joined to its backend",
      payload: object({ session_id: session, data: object({ protocol, client_addr: client }) }),
      attributes: byProtocol,
    },
    "proxy.packet": {
      ...tap,
      permission: "proxy.content",
      description: "A chunk of bytes passes, as it was read; its borders mean nothing",
      payload: object({
        session_id: session,
        data: object({
          protocol,
          client_addr: client,
          direction: oneOfTexts("inbound", "outbound"),
          bytes: binary(undefined, { description: "The chunk" }),
        }),
      }),
      attributes: {
        ...byProtocol,
        direction: {
          at: "/data/direction",
          type: "string",
          values: ["inbound", "outbound"],
          description: "From the client to the backend, or back",
        },
      },
    },
    "proxy.close": {
      ...tap,
      permission: "proxy.observe",
      description: "A connection has ended, on either side",
      payload: object({ session_id: session, data: object({ protocol, client_addr: client }) }),
      attributes: byProtocol,
    },
  },
});
