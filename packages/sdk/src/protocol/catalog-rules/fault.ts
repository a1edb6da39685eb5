import { pointerKeys } from "../pointer.js";

/** Keys from the outermost object of a declaration down to the place that is wrong. */
export type Path = readonly (string | number)[];

/** What is wrong with a declaration, and where. */
export class Fault extends Error {
  /** JSON pointer of the place. */
  readonly pointer: string;

  constructor(path: Path, why: string) {
    super(why);
    this.pointer = pointerOf(path);
  }
}

/** The JSON pointer of a path. */
export function pointerOf(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Keys of a JSON pointer; undefined for a text that is none, and for the empty one, which names the whole. */
export function keysOf(pointer: string): string[] | undefined {
  return pointer === "" ? undefined : pointerKeys(pointer);
}
