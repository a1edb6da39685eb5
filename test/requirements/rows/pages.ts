import { done, type Requirement } from "../row.js";

/** Pages that prove what they say, and packages that are as they are described. */
export const PAGES: readonly Requirement[] = [
  done("DOC-010", "ours: documentation", "The tutorial works as it stands, in JavaScript and in Python."),
  done(
    "DOC-011",
    "ours: documentation",
    "The diagrams of states in the architecture page show the states and moves of the code, no more and no fewer.",
  ),
  done(
    "DOC-012",
    "ours: documentation",
    "Figures that a page quotes are figures of the benchmark's results.",
  ),
  done(
    "DOC-013",
    "ours: documentation",
    "Every code that is thrown, printed or reported is listed in docs/errors.md, and no other.",
  ),
  done(
    "DOC-014",
    "ours: documentation",
    "Every JavaScript and TypeScript program of README and docs compiles under strict.",
  ),
  done(
    "DOC-015",
    "ours: documentation",
    "Every command block of the README works, in a clean home and a clean folder.",
  ),
  done("DOC-030", "ours: documentation", "Every export of the packages, types included, has a docstring."),
  done(
    "DOC-016",
    "ours: getting started",
    "Every command of docs/embedders.md works as written, in its order, for a new embedder.",
  ),
  done(
    "PKG-001",
    "ours: packages",
    "The packages work as a bundle of ES modules and of CommonJS, made by esbuild.",
  ),
  done("PKG-002", "ours: packages", "The host works in worker threads and through require."),
  done("PKG-003", "ours: packages", "Source maps of the packages lead to sources that are packed."),
  done("PKG-004", "ours: packages", "No export of the host stands in both of its entries."),
];
