import { ownCatalog } from "../protocol/define-catalog.js";
import { binary, flag, list, nullable, object, text, u64, whole } from "../protocol/payload.js";
import { DEFAULT_DEADLINE_MS } from "../protocol/synaps-catalog.js";

const observed = {
  permission: "messaging.metadata",
  toolFilter: false,
  delivery: "observe",
  actions: ["continue"],
  canFailClosed: false,
  since: 3,
  deadlineMs: DEFAULT_DEADLINE_MS,
} as const;

const key = (description: string) => binary(32, { description });
const username = text({ description: "Name of the user" });
/** Empty for the one channel of old clients. */
const channel = binary([0, 16], { description: "Channel; empty for the default one" });

const message = object({
  sender_identity: nullable(
    key("Key of the sender; null when the sender is sealed, and nothing stands for it"),
  ),
  recipient_key: key("Key of the recipient"),
  channel_id: channel,
  payload_len: whole({ minimum: 0, description: "Bytes of the encrypted content" }),
  seq: u64({ description: "Number that the server gave" }),
});

/**
 * Events of a server for messages that are encrypted from end to end. They carry facts about messages and never their
 * content. Only a message that is about to be stored can be refused.
 */
export const messagingCatalog = ownCatalog({
  name: "messaging",
  version: "1.0.0",
  chain: "rewrite_then_veto",
  permissions: {
    "messaging.metadata":
      "See who sends to whom, when and how much: names, keys and sizes, never the content",
    "messaging.gate": "Refuse messages before they are stored",
  },
  kinds: {
    "messaging.message_enqueue": {
      ...observed,
      delivery: "gate",
      actions: ["continue", "block"],
      actionPermissions: { block: "messaging.gate" },
      canFailClosed: true,
      description:
        "A message passed all checks and is about to be stored; a block refuses it, and the client is told why",
      payload: object({ data: message }),
      attributes: {
        recipient_key: {
          at: "/data/recipient_key",
          type: "string",
          description: "Key of the recipient, in base64",
        },
        channel_id: { at: "/data/channel_id", type: "string", description: "Channel, in base64" },
      },
    },
    "messaging.batch_enqueue": {
      ...observed,
      description: "Several messages were stored at once: one event with the list of them",
      payload: object({ data: list(message) }),
    },
    "messaging.auth": {
      ...observed,
      description: "A login has ended, well or badly",
      payload: object({
        data: object({
          username,
          success: flag(),
          failure_reason: text({ description: "Empty after a success" }),
        }),
      }),
      attributes: {
        username: { at: "/data/username", type: "string", description: "Name that tried to log in" },
        success: { at: "/data/success", type: "boolean", description: "True if the login succeeded" },
      },
    },
    "messaging.channel_created": {
      ...observed,
      description: "A channel was created, or looked up",
      payload: object({
        data: object({
          channel_id: binary(16, { description: "Channel" }),
          initiator_key: key("Key of who asked for it"),
          peer_key: key("Key of the other side"),
          was_new: flag({ description: "False if it existed before" }),
        }),
      }),
      attributes: {
        was_new: {
          at: "/data/was_new",
          type: "boolean",
          description: "True for a channel that did not exist before",
        },
      },
    },
    "messaging.fetch": {
      ...observed,
      description: "Messages were fetched, with or without waiting for them",
      payload: object({
        data: object({
          recipient_key: key("Key of who fetched"),
          channel_id: channel,
          message_count: whole({ minimum: 0, description: "Messages that were handed out" }),
        }),
      }),
      attributes: {
        recipient_key: {
          at: "/data/recipient_key",
          type: "string",
          description: "Key of who fetched, in base64",
        },
      },
    },
    "messaging.user_registered": {
      ...observed,
      description: "A user has completed the registration",
      payload: object({ data: object({ username, identity_key: key("Key of the user") }) }),
      attributes: { username: { at: "/data/username", type: "string", description: "Name of the user" } },
    },
  },
});
