import { pointerKeys, pointerOf } from "../pointer.js";

/** Keys from the outermost object of a declaration down to the place that is wrong. */
export type Path = readonly (string | number)[];

/** A rule that a declaration breaks, and the place. */
export class Fault extends Error {
  /** JSON pointer of the place. */
  readonly pointer: string;

  constructor(path: Path, why: string) {
    super(why);
    this.pointer = pointerOf(path);
  }
}

/** Keys of a JSON pointer; undefined for a text that is none, and for the empty one, which names the whole. */
export function keysOf(pointer: string): string[] | undefined {
  return pointer === "" ? undefined : pointerKeys(pointer);
}
