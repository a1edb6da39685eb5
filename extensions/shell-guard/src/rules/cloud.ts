import { APPS_CHANGED, APPS_LOST } from "./tables/apps.js";
import { CONTAINERS_LOST } from "./tables/containers.js";
import { CLUSTERS_CHANGED, CLUSTERS_LOST } from "./tables/clusters.js";
import { PROVIDERS_CHANGED, PROVIDERS_LOST } from "./tables/providers.js";
import type { Rule } from "./rule.js";
import { tableRule } from "./words.js";

export const CLOUD: readonly Rule[] = [
  tableRule(
    {
      id: "cloud-destroy",
      severity: "block",
      about:
        "deleting infrastructure or stored data as a whole: terraform, kubectl, aws, gcloud, az, heroku, gh",
      remedy: "Show the plan (`plan`, `--dry-run`, `get`) and let the user run it.",
    },
    [...PROVIDERS_LOST, ...CLUSTERS_LOST, ...CONTAINERS_LOST, ...APPS_LOST],
  ),
  tableRule(
    {
      id: "cloud-change",
      severity: "confirm",
      about: "deleting or stopping single services, releases, records of a provider",
      remedy: "Show what it would do first (`plan`, `--dry-run`, `get`).",
    },
    [...PROVIDERS_CHANGED, ...CLUSTERS_CHANGED, ...APPS_CHANGED],
  ),
];
