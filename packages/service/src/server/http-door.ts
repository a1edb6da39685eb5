import type { Logger } from "@synaps/host";
import { statSync } from "node:fs";
import type { Socket } from "node:net";
import { errorFields } from "./error-fields.js";
import type { HttpRoutes } from "./http.js";
import { openLoopback, type Loopback } from "./loopback.js";
import type { ServicePlaces } from "./places.js";

interface DoorParts {
  readonly places: ServicePlaces;
  readonly routes: HttpRoutes;
  readonly logger: Logger;
  /** Told of each connection. */
  readonly onConnection: (socket: Socket) => void;
  /** Told of each request. */
  readonly onRequest: () => void;
}

/** The HTTP listener as its two files want it: opened, closed, or opened anew when somebody changed them. */
export class HttpDoor {
  readonly #parts: DoorParts;
  #mark: string | undefined;
  #loopback: Loopback | undefined;
  #changing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Address of the listener, if there is one. */
  get url(): string | undefined {
    return this.#loopback?.url;
  }

  /** Looks at the files: what was written a moment ago counts for whoever asks now. Resolves when the listener is as they want it, or its problem is told. */
  look(): Promise<void> {
    const { httpFile, tokenFile } = this.#parts.places;
    const mark = `${timeOf(httpFile)} ${timeOf(tokenFile)}`;
    if (mark === this.#mark) return this.#changing;
    this.#mark = mark;
    this.#changing = this.#changing.then(() => this.#open());
    return this.#changing;
  }

  close(): void {
    this.#closed = true;
    this.#shut();
  }

  async #open(): Promise<void> {
    this.#shut();
    try {
      const loopback = await openLoopback(this.#parts.places, this.#parts.routes);
      loopback?.server.on("connection", this.#parts.onConnection);
      loopback?.server.on("request", this.#parts.onRequest);
      this.#loopback = loopback;
      // The service may have ended meanwhile.
      if (this.#closed) this.#shut();
    } catch (error) {
      // The socket serves all others.
      const { message, hint } = errorFields(error);
      this.#parts.logger.error(message, { code: "SERVICE_UNAVAILABLE", hint });
    }
  }

  #shut(): void {
    this.#loopback?.server.close();
    this.#loopback?.server.closeIdleConnections();
    this.#loopback = undefined;
  }
}

function timeOf(path: string): string {
  try {
    const { mtimeMs, size, ino, mode } = statSync(path);
    return `${mtimeMs} ${size} ${ino} ${mode}`;
  } catch {
    return "";
  }
}
