/** A folder that may hold an extension, before its manifest was read. */
export interface Candidate {
  /** Name of the folder. */
  id: string;
  root: string;
  manifestPath: string;
  origin: Origin;
}

/** Where a candidate comes from, which decides what it takes to run it. */
export type Origin = "named" | "user" | "project";

/** Folder of a manifest inside an extension, and its file. */
export const MANIFEST_FOLDER = ".synaps-plugin";
export const MANIFEST_FILE = "plugin.json";
