import { CLOUD } from "./cloud.js";
import { CONTAINERS } from "./containers.js";
import { COPIES } from "./copies.js";
import { DATA } from "./data.js";
import { DELETES } from "./deletes.js";
import { GIT } from "./git.js";
import { GUARD } from "./guard.js";
import { MACHINE } from "./machine.js";
import { NETWORK } from "./network.js";
import { PUBLISH } from "./publish.js";
import { keptByName } from "../remembered.js";
import { never, type Rule } from "./rule.js";
import { SERVICE_RULES } from "./services.js";
import { SIGHTINGS } from "../sightings.js";
import { WRITES } from "./writes.js";

/** Every rule. The first ones are the worst: their finding is shown first. */
export const RULES: readonly Rule[] = [
  ...DELETES,
  ...WRITES,
  ...COPIES,
  ...GUARD,
  ...MACHINE,
  ...SERVICE_RULES,
  ...GIT,
  ...DATA,
  ...CLOUD,
  ...CONTAINERS,
  ...NETWORK,
  ...PUBLISH,
  ...SIGHTINGS,
];

/** The rules that may be broken by a program of that name, in their order. */
export const rulesFor: (name: string) => readonly Rule[] = keptByName((name) =>
  RULES.filter(({ match, isAbout }) => match !== never && (isAbout?.(name) ?? true)),
);

export const ruleById = (id: string): Rule | undefined => RULES.find((rule) => rule.id === id);
