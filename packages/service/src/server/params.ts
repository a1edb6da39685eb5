import { HostError } from "@synaps/host";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";

/** The parameters of one request, read with errors that name the member. */
export class Params {
  readonly #values: JsonObject;

  /** Throws a HostError for what is no object. */
  constructor(value: unknown) {
    if (value !== undefined && value !== null && !isJsonObject(value))
      throw invalid("The request", "an object");
    this.#values = isJsonObject(value) ? value : {};
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value !== "string" || value === "") throw invalid(`'${name}'`, "a text");
    return value;
  }

  optionalText(name: string): string | null {
    const value = this.#values[name] ?? null;
    if (value !== null && typeof value !== "string") throw invalid(`'${name}'`, "a text or null");
    return value === "" ? null : value;
  }

  flag(name: string): boolean {
    const value = this.#values[name] ?? false;
    if (typeof value !== "boolean") throw invalid(`'${name}'`, "true or false");
    return value;
  }

  object(name: string): JsonObject {
    const value = this.#values[name];
    if (!isJsonObject(value)) throw invalid(`'${name}'`, "an object");
    return value;
  }

  any(name: string): JsonValue | undefined {
    return this.#values[name];
  }

  texts(name: string): readonly string[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value) || !value.every((one) => typeof one === "string"))
      throw invalid(`'${name}'`, "a list of texts");
    return value;
  }
}

function invalid(what: string, wanted: string): HostError {
  return new HostError("SERVICE_INVALID", `${what} has to be ${wanted}`);
}
