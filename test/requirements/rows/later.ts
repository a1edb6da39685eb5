import { later, type Requirement } from "../row.js";

/** What tools, providers, commands and memory will have to do. */
export const LATER: readonly Requirement[] = [];
