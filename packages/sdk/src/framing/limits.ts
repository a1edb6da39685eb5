/** Longest header line and header block. The reference allows 1 KiB a line; 8 KiB is what HTTP servers allow. */
export const MAX_HEADER_BYTES = 8 * 1024;

/** Largest body from an extension to the host: the reference's limit. */
export const MAX_INBOUND_BODY_BYTES = 4 * 1024 * 1024;

/** Largest body from the host to an extension; a long transcript fits, a runaway one does not. */
export const MAX_OUTBOUND_BODY_BYTES = 32 * 1024 * 1024;

/** A frame that is too large but honest is skipped exactly up to this size; beyond it the length is a lie. */
export const MAX_SKIPPED_BODY_BYTES = 256 * 1024 * 1024;

/** Bytes that may wait for a peer that stopped reading, before further messages are refused. */
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024;

/** Levels of lists and objects in one message: far beyond any real message, far below what exhausts a stack. */
export const MAX_NESTING = 512;
