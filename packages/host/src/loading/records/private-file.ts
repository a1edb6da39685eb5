import { MAX_FILE_BYTES } from "../regular-file.js";
import { changeFile, MalformedFile, readIfThere, type SharedFile } from "./change-file.js";
import { keepAside } from "./keep-aside.js";

/** A JSON file under the base folder that only the user may read, and that several programs change. */
export class PrivateJson<T> {
  readonly #file: SharedFile;
  readonly #parse: (value: unknown) => T;

  /** `parse` checks the shape of the content, and throws for a wrong one. */
  constructor(file: SharedFile, parse: (value: unknown) => T) {
    this.#file = file;
    this.#parse = parse;
  }

  get path(): string {
    return this.#file.path;
  }

  /** Undefined when there is no file. Rejects with MalformedFile, or with the operating system's error. */
  async read(): Promise<T | undefined> {
    const bytes = await readIfThere(this.path, this.#file.mostBytes ?? MAX_FILE_BYTES);
    return this.#content(bytes);
  }

  /**
   * Changes the content as `changeFile` does. `change` returns the new content, or undefined to leave the file as it is.
   * Rejects with MalformedFile, and writes nothing, for a content of another shape.
   */
  update(change: (content: T | undefined) => T | undefined): Promise<void> {
    return changeFile(this.#file, (bytes) => {
      const next = change(this.#content(bytes));
      return next === undefined ? undefined : `${JSON.stringify(next, null, 2)}\n`;
    });
  }

  /**
   * Renames a file whose content is of another shape, and returns the new path; undefined if the content is right by
   * now. Rejects as `changeFile` does.
   */
  async keepAside(): Promise<string | undefined> {
    let aside: string | undefined;
    await changeFile(this.#file, async (bytes, target) => {
      try {
        this.#content(bytes);
      } catch {
        aside = await keepAside(target);
      }
      return undefined;
    });
    return aside;
  }

  #content(bytes: Buffer | undefined): T | undefined {
    if (bytes === undefined) return undefined;
    try {
      return this.#parse(JSON.parse(bytes.toString("utf8")));
    } catch (cause) {
      throw new MalformedFile("it is not what this host writes", { cause });
    }
  }
}
