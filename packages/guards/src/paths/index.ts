/** Tells paths apart: a place of the system, a project, a secret, or a file that belongs to a guard. Looks at names, and for projects at folders. */
export { isAgentScratch } from "./agent-files.js";
export {
  guardedKind,
  guardOwner,
  holdsSecrets,
  isSecretPath,
  type GuardedKind,
  type GuardedPlaces,
  type GuardOwner,
} from "./guarded.js";
export { ownPlaces } from "./own-places.js";
export { isBelow, resolvePath } from "./path.js";
export { isHomeFolder, placeOfPath, SHARED, TEMP, WHOLE_SYSTEM, type PathPlace } from "./places.js";
export { originOf, Projects, type Origin } from "./projects.js";
export { isDevice, isSystemFile, isVital } from "./system-files.js";
export { climbedPath, isThere, realPath, UnclearPath } from "./real-path.js";
