import { lstatSync, readdirSync, readlinkSync, statSync, type Dirent, type Stats } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { JsonValue } from "@synaps/sdk/protocol";
import { systemClock } from "../../time/clock.js";
import { manifestPathOf } from "../manifest/discover.js";
import { readRegularFile } from "../regular-file.js";
import { hashFile, MAX_HASHED_BYTES } from "./hash-file.js";
import { leadsOf, pathsIn, type Lead } from "./leads.js";
import { isLoadable } from "./loadable.js";
import { ENTRIES, isFolder, packageFolders, realOf, realsOf } from "./real-paths.js";
import { hashOf, reasonOf } from "./covered-hash.js";
import { Slices } from "../../time/slices.js";
import { isUnchanged, type FileStamp } from "./stamp.js";

/** Most files of one extension, those that its links and arguments lead to included. */
export const MAX_COVERED_FILES = 100_000;
/** Deepest folder that is looked into. */
const MAX_DEPTH = 64;

/** One file, link or special file that an approval covers. */
export interface Covered {
  /** Its kind and what it holds: equal values mean that nothing changed. */
  value: string;
  loadable: boolean;
  /** Only of files whose content was hashed. */
  stamp?: FileStamp;
}

/** Everything that an approval of an extension covers. */
export interface Coverage {
  /** Hash of all names and contents. */
  readonly hash: string;
  /** By path in the folder, with `/`. What stands outside has its absolute real path. */
  files: ReadonlyMap<string, Covered>;
  /** Names of all that could not be looked into, each with its reason. */
  problems: readonly string[];
  /** Files outside of the folder, by their real paths, that arguments and links lead to. */
  outside: readonly string[];
  /** Number of files whose content was read. */
  read: number;
}

export interface CoverageOptions {
  /** Known from the last time: files that are still the same are not read again. */
  known?: ReadonlyMap<string, Covered>;
  /** True for what is left out, unless the manifest leads to it. Default: nothing is. */
  except?: (entry: { name: string; path: string; isFile: boolean }) => boolean;
  /** Time since the epoch in milliseconds. Default: the system's clock. */
  nowMs?: () => number;
}

/**
 * Looks at everything that an extension may run: all files of its folder whatever their names, the targets of its links,
 * and the programs and files that the words of its manifest lead to. Reads only files that differ from `known` in size,
 * times or number. Never throws because of what stands in the folder: see `problems`.
 */
export async function coverageOf(root: string, options: CoverageOptions = {}): Promise<Coverage> {
  const walk = new Walk(root, options);
  await walk.folder(root, "", 0);
  for (const lead of leadsOf(await manifestOf(root))) await walk.lead(lead);
  return walk.result();
}

/** The hash of all that an approval of the folder covers. */
export async function hashTree(root: string): Promise<string> {
  return (await coverageOf(root)).hash;
}

async function manifestOf(root: string): Promise<JsonValue | undefined> {
  try {
    return JSON.parse((await readRegularFile(manifestPathOf(root))).toString("utf8")) as JsonValue;
  } catch {
    // A manifest that cannot be read is refused where it is checked; it leads nowhere.
    return undefined;
  }
}

class Walk {
  readonly #root: string;
  readonly #realRoot: string;
  readonly #options: CoverageOptions;
  readonly #files = new Map<string, Covered>();
  readonly #problems: string[] = [];
  readonly #outside = new Set<string>();
  /** Real paths of folders that links lead to: each is looked into once. */
  readonly #entered = new Set<string>();
  readonly #slices = new Slices();
  /** Paths that words of the manifest stand for, as far as each was looked for. */
  readonly #places = new Set<string>();
  /** The folders of packages above the extension. */
  readonly #packages: readonly string[];
  #read = 0;
  #bytes = 0;
  #tooMany = false;

  constructor(root: string, options: CoverageOptions) {
    this.#root = root;
    this.#realRoot = realOf(root) ?? root;
    this.#packages = packageFolders(this.#realRoot);
    this.#options = options;
  }

  result(): Coverage {
    const files = this.#files;
    let hash: string | undefined;
    return {
      // Made when it is asked for: where nothing changed, nobody does.
      get hash() {
        return (hash ??= hashOf(files));
      },
      files,
      problems: this.#problems,
      outside: [...this.#outside].sort(),
      read: this.#read,
    };
  }

  async folder(path: string, name: string, depth: number): Promise<void> {
    if (name !== "" && path === this.#realRoot) return;
    if (depth > MAX_DEPTH) return this.#cannot(name, `it is deeper than ${MAX_DEPTH} folders`);
    let entries: Dirent[];
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      return this.#cannot(name || path, reasonOf(error));
    }
    for (const entry of entries) {
      if (this.#tooMany) return;
      const inside = name === "" ? entry.name : `${name}/${entry.name}`;
      if (this.#options.except?.({ name: entry.name, path: inside, isFile: entry.isFile() })) continue;
      const full = path + sep + entry.name;
      // Most files did not change: nothing has to be waited for.
      const pending = entry.isDirectory()
        ? this.folder(full, inside, depth + 1)
        : this.#entry(full, inside, depth);
      if (pending) await pending;
      if (this.#slices.over()) await this.#slices.pause();
    }
  }

  /** Covers the files that a word of the manifest leads to. */
  async lead({ kind, word }: Lead): Promise<void> {
    const isName = kind === "program" && !word.includes("/") && !word.includes("\\");
    // A bare name is looked for along PATH: it is recorded as the manifest's word, with the manifest.
    const places = isName ? [] : kind === "program" ? [word] : pathsIn(word);
    for (const place of places) {
      if (this.#places.has(place)) continue;
      if (this.#places.size === MAX_PLACES) return this.#tellTooManyPlaces();
      this.#places.add(place);
      await this.#ledTo(place);
      if (this.#slices.over()) await this.#slices.pause();
    }
  }

  #entry(path: string, name: string, depth: number): Promise<void> | void {
    let stats: Stats;
    try {
      stats = lstatSync(path);
    } catch (error) {
      return this.#cannot(name, reasonOf(error));
    }
    if (stats.isSymbolicLink()) return this.#link(path, name, depth);
    if (stats.isFile()) return this.#file(path, name, stats);
    this.#put(name, { value: `special ${stats.mode & 0o170000}`, loadable: true });
  }

  async #link(path: string, name: string, depth: number): Promise<void> {
    let target: string;
    try {
      target = readlinkSync(path);
    } catch (error) {
      return this.#cannot(name, reasonOf(error));
    }
    this.#put(name, { value: `link ${target}`, loadable: true });
    // A link that leads nowhere is covered by itself: whatever appears there later is new.
    const real = realOf(path);
    if (real === undefined || this.#isInside(real)) return;
    await this.#follow(real, `${name} -> ${real}`, depth);
  }

  async #ledTo(place: string): Promise<void> {
    for (const real of this.#realsOf(place)) {
      if (this.#isInside(real)) {
        await this.#insideFile(real);
        continue;
      }
      const isWhole = !isFolder(real) || this.#isOfProject(real);
      // Of a folder elsewhere, an interpreter runs one of these; the rest of it is not the extension's.
      const places = isWhole ? [real] : ENTRIES.flatMap((name) => realOf(join(real, name)) ?? []);
      for (const one of places) if (!this.#isInside(one)) await this.#follow(one, one, 0);
    }
  }

  /** Programs take `..` behind a link by the letters or as the system does; some look for packages in the folders above. */
  #realsOf(place: string): Set<string> {
    const asTheSystem = place.startsWith(sep) ? place : this.#realRoot + sep + place;
    const found = [...realsOf(resolve(this.#root, place)), ...realsOf(asTheSystem)];
    if (/^[@\w]/.test(place))
      for (const packages of this.#packages)
        for (const within of [place, `${place}.js`, `.bin/${place}`])
          found.push(...[realOf(join(packages, within))].filter((real) => real !== undefined));
    return new Set(found);
  }

  /** Covers a file that was left out: the manifest leads to it all the same. */
  async #insideFile(real: string): Promise<void> {
    const name = relative(this.#realRoot, real).split(sep).join("/");
    const stats = lstatSync(real);
    if (stats.isFile() && !this.#files.has(name)) await this.#file(real, name, stats, true);
  }

  /** Covers a file, or everything in a folder, that stands outside of the extension's folder. */
  async #follow(real: string, name: string, depth: number): Promise<void> {
    let stats: Stats;
    try {
      stats = statSync(real);
    } catch (error) {
      return this.#cannot(name, reasonOf(error));
    }
    this.#outside.add(real);
    if (stats.isFile()) return this.#file(real, name, stats, true);
    if (!stats.isDirectory()) return;
    if (this.#entered.has(real)) return;
    this.#entered.add(real);
    await this.folder(real, name, depth + 1);
  }

  #file(path: string, name: string, stats: Stats, isOutside = false): Promise<void> | void {
    const known = this.#options.known?.get(name);
    if (known?.stamp && isUnchanged(known.stamp, stats)) return this.#put(name, known);
    const loadable = isOutside || isLoadable(name, (stats.mode & 0o111) !== 0);
    const { size, mtimeMs, ctimeMs, ino } = stats;
    if (size > MAX_HASHED_BYTES) {
      // So large a file is data; its times tell of a change as well.
      return this.#put(name, { value: `large ${size} ${mtimeMs} ${ctimeMs} ${ino}`, loadable });
    }
    return this.#readFile(path, name, stats, loadable);
  }

  async #readFile(path: string, name: string, stats: Stats, loadable: boolean): Promise<void> {
    const { size, mtimeMs, ctimeMs, ino } = stats;
    const hashedAtMs = (this.#options.nowMs ?? systemClock.wallMs)();
    this.#bytes += size;
    if (this.#bytes > MAX_READ_BYTES)
      return this.#cannot(name, `the files to be read are larger than ${MAX_READ_BYTES} bytes together`);
    try {
      const value = `file ${await hashFile(path)}`;
      this.#read += 1;
      this.#put(name, { value, loadable, stamp: [size, mtimeMs, ctimeMs, ino, hashedAtMs] });
    } catch (error) {
      this.#cannot(name, reasonOf(error));
    }
  }

  #put(name: string, covered: Covered): void {
    const other = this.#files.get(name);
    if (other && other.value !== covered.value) {
      // A name in the folder may be made to look like that of a file outside: neither hides the other.
      const value = [other.value, covered.value].sort().join(" and ");
      this.#files.set(name, { value, loadable: true });
    } else if (this.#files.size < MAX_COVERED_FILES) {
      this.#files.set(name, covered);
    } else if (!this.#tooMany) {
      this.#tooMany = true;
      this.#problems.push(`more than ${MAX_COVERED_FILES} files are there or are led to`);
    }
  }

  #cannot(name: string, why: string): void {
    this.#put(name, { value: "unreadable", loadable: true });
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(`'${name}' cannot be looked into: ${why}`);
  }

  #tellTooManyPlaces(): void {
    const problem = `the words of its manifest may name more than ${MAX_PLACES} files`;
    if (!this.#problems.includes(problem)) this.#problems.push(problem);
  }

  /** True for a folder of the same project that does not hold the extension itself. */
  #isOfProject(real: string): boolean {
    const [project, ...more] = this.#realRoot.split(`${sep}.synaps${sep}plugins${sep}`);
    if (project === undefined || more.length === 0 || !real.startsWith(project + sep)) return false;
    return !this.#realRoot.startsWith(real + sep);
  }

  #isInside(real: string): boolean {
    return real === this.#realRoot || real.startsWith(this.#realRoot + sep);
  }
}

/** Most bytes that are read for one extension at one time: what is beyond would hold up the start. */
const MAX_READ_BYTES = 8 * 1024 ** 3;
const MAX_PROBLEMS = 20;
/** Most paths that the words of a manifest may stand for: each is looked for in several places. */
const MAX_PLACES = 1_000;
