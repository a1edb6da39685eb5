import { WIRE_ERRORS } from "./protocol/error-codes.js";

/**
 * An error that a handler may throw to choose what the host is told. The message travels to the host and may be
 * logged there: keep secrets and payloads out of it. Any other thrown value is reported with its message and the
 * code 1006 (extension error).
 */
export class ExtensionError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(message: string, options: { code?: number; data?: unknown; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code ?? WIRE_ERRORS.extension_error;
    this.data = options.data;
  }
}
Object.defineProperty(ExtensionError.prototype, "name", { value: "ExtensionError", enumerable: false });
