import { assertExtension } from "../checks/extension.js";
import { extensionIsUsed } from "../serve/forgotten-serve.js";
import { fromAuthor } from "../checks/wording.js";
import type { Extension, NoCatalogs } from "../define-extension.js";
import { MAX_INBOUND_BODY_BYTES, MAX_OUTBOUND_BODY_BYTES } from "../framing/limits.js";
import type { Catalogs } from "../protocol/catalog-types.js";
import type { InitializeResult } from "../protocol/messages.js";
import { Session } from "../serve/session.js";
import { handshake, type HandshakeOptions } from "./handshake.js";
import { HostPeer, type HostCalls } from "./host-peer.js";
import { checkHarnessOptions } from "./option-checks.js";
import { createInMemoryPair } from "./in-memory-pair.js";

/** Options of `createHarness`. An unknown key or a wrong type rejects with a TypeError. */
export interface HarnessOptions extends HandshakeOptions {
  /** Sizes in bytes of the pieces that messages arrive in, used in turn. Default: whole frames. */
  splitAt?: readonly number[];
}

/** An extension that runs in this process, as a host sees it. Ends with `await using`. */
export interface Harness<O extends Catalogs = Catalogs> extends HostCalls<O>, AsyncDisposable {
  /** What the extension answered to `initialize`. */
  readonly initialized: InitializeResult;
  /** What the extension logged, a line each, and the stacks of what its handlers threw. */
  readonly logs: readonly string[];
  /** Asks for `shutdown`, which runs the extension's `stop` once. Calling it again does nothing more. */
  stop(): Promise<void>;
}

/**
 * Runs an extension in this process: the same code as `serve`, over linked ends instead of standard input and
 * output, after a handshake. Default id "test-extension", root null, protocol 3. Starts no process, guards no
 * output, sets no deadline and reads no manifest. Rejects when the handshake fails, for instance because `start`
 * threw or a configuration value has the wrong type. Rejects with a TypeError for an unknown or wrong option. Events and
 * answers are typed by the catalogs that the extension names.
 */
export async function createHarness<O extends Catalogs = NoCatalogs>(
  extension: Extension<O>,
  options: HarnessOptions = {},
): Promise<Harness<O>> {
  fromAuthor(createHarness, () => assertExtension("createHarness", extension));
  checkHarnessOptions(createHarness, options);
  options.signal?.throwIfAborted();
  extensionIsUsed();
  const { id = "test-extension", root = null, splitAt } = options;
  const logs: string[] = [];
  const [hostEnd, extensionEnd] = createInMemoryPair({
    maxBodyBytes: [MAX_OUTBOUND_BODY_BYTES, MAX_INBOUND_BODY_BYTES],
    ...(splitAt === undefined ? {} : { splitAt }),
  });
  const session = new Session(extension, {
    send: (body) => extensionEnd.send(body),
    log: (line) => void logs.push(line),
    finished: () => extensionEnd.close(),
  });
  const { catalogs } = extension.definition;
  const peer = new HostPeer((body) => hostEnd.send(body), { ...options, ...(catalogs ? { catalogs } : {}) });
  extensionEnd.listen({ onMessage: (message) => session.receive(message) });
  hostEnd.listen({
    onMessage: (message) => peer.receive(message),
    onClose: () => peer.close(new Error("the extension has stopped")),
  });
  const abort = (): void => {
    peer.close(options.signal?.reason as Error);
    extensionEnd.close();
  };
  options.signal?.addEventListener("abort", abort, { once: true });
  const initialized = await handshake(peer, id, root, options);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= peer
      .request("shutdown", null)
      .then(() => undefined)
      .finally(() => options.signal?.removeEventListener("abort", abort)));
  return {
    initialized,
    logs,
    send: peer.send.bind(peer) as Harness<O>["send"],
    callTool: (name, input, call) => peer.callTool(name, input, call),
    invoke: (command, args, call) => peer.invoke(command, args, call),
    told: peer.told,
    publish: (topic, data, from) => peer.publish(topic, data, from),
    drop: (...hooks) => peer.drop(...hooks),
    published: peer.published,
    complete: (provider, model, call) => peer.complete(provider, model, call),
    stream: (provider, model, call) => peer.stream(provider, model, call),
    request: (method, params, call) => peer.request(method, params, call),
    notify: (method, params) => peer.notify(method, params),
    stop,
    [Symbol.asyncDispose]: () => (options.signal?.aborted ? Promise.resolve() : stop()),
  };
}
