import { basename } from "node:path";
import { ConsentStore } from "@synaps/host/tooling";
import type { Output } from "./io.js";
import { placesOf, type PlaceFlags } from "./places.js";
import { plain } from "./text.js";

/**
 * Which extensions the user put into the own folder since the last look. Reading the inventory takes that for a yes
 * to their code and records it, which must not happen unseen.
 */
export class NewRecords {
  readonly #store: ConsentStore;
  readonly #before: ReadonlySet<string>;

  private constructor(store: ConsentStore, before: ReadonlySet<string>) {
    this.#store = store;
    this.#before = before;
  }

  /** To be called before the inventory is read. */
  static async watch(flags: PlaceFlags): Promise<NewRecords> {
    const store = new ConsentStore(placesOf(flags).baseDir);
    return new NewRecords(store, await rootsIn(store));
  }

  /** One line per folder that was recorded since. */
  async text(out: Output): Promise<string> {
    const added = [...(await rootsIn(this.#store))].filter((root) => !this.#before.has(root));
    return added
      .map((root) => {
        const id = basename(root);
        const told = `${id} is new in your folder: its code is on record now, and runs until it changes`;
        return `${out.paint("yellow", "note")}  ${plain(`${told} (${root})`)}\n`;
      })
      .join("");
  }
}

/** A record that cannot be read holds nothing; the inventory says so itself. */
async function rootsIn(store: ConsentStore): Promise<Set<string>> {
  return store.read().then(
    (records) => new Set(records.keys()),
    () => new Set(),
  );
}
