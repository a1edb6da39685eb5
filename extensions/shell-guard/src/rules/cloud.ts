import { line, type Rule } from "./rule.js";

/**
 * Flags before the verb, as in `kubectl -n prod delete`. Each character fits in one way only: an expression that
 * could split the same text differently takes exponential time on long input.
 */
const OPTIONS = String.raw`(?: --?\w[\w-]*(?:[= ][^-\s]\S*)?)*?`;
const pattern = (text: string): RegExp => new RegExp(`^(?:${text.replaceAll("~", OPTIONS)})`);

const ERASES: readonly (readonly [RegExp, string])[] = [
  [
    pattern(
      String.raw`(?=.*destroy)(?=.*(?:-auto-approve|--terragrunt-non-interactive))(?:terraform|tofu|terragrunt)~ (?:destroy|run-all destroy|apply)\b`,
    ),
    "it destroys the infrastructure without a question",
  ],
  [
    pattern(String.raw`pulumi~ destroy\b.*(?:-y|--yes|-f|--skip-preview)\b`),
    "it destroys the infrastructure without a question",
  ],
  [
    pattern(String.raw`cdk~ destroy\b.*(?:--force|-f)\b`),
    "it destroys the infrastructure without a question",
  ],
  [
    pattern(
      String.raw`(?:kubectl|oc|k)~ delete\b.*(?:\b(?:ns|namespaces?|nodes?|pv|persistentvolumes?|pvc|persistentvolumeclaims?|crds?|customresourcedefinitions?|clusterroles?)\b|--all\b|-A\b|--all-namespaces)`,
    ),
    "it deletes a whole group of cluster resources",
  ],
  [
    pattern(String.raw`aws~ s3~ (?:rb\b.*--force|rm\b.*--recursive)`),
    "it deletes a bucket or everything in it",
  ],
  [
    pattern(
      String.raw`aws~ \S+ (?:terminate-instances|delete-(?:db-\w+|db|table|stack|bucket|volume|snapshot|cluster|file-system|hosted-zone|user-pool|vault|repository|backup-vault|cache-cluster|replication-group|domain|secret)|schedule-key-deletion)\b`,
    ),
    "it deletes infrastructure with its data",
  ],
  [
    pattern(
      String.raw`gcloud~ .*\bdelete\b.*(?:-q\b|--quiet)|gcloud~ (?:projects|sql instances|sql databases|container clusters) delete|gcloud~ storage rm\b.*(?:-r|--recursive)|gsutil~ (?:-m )?(?:rm\b.*-\w*[rR]|rb\b)|bq~ rm\b.*-\w*[rf]`,
    ),
    "it deletes infrastructure with its data",
  ],
  [
    pattern(
      String.raw`az~ (?:group delete|storage (?:account|container) delete|storage blob delete-batch|sql (?:db|server) delete|vm delete|aks delete|keyvault (?:delete|purge))`,
    ),
    "it deletes infrastructure with its data",
  ],
  [
    pattern(
      String.raw`(?:docker|podman)~ system prune\b(?=.*(?:-a\b|-\w*a|--all))(?=.*--volumes)|podman~ system reset`,
    ),
    "it deletes every unused image and volume, data included",
  ],
  [
    pattern(
      String.raw`heroku~ (?:apps:destroy|pg:reset|addons:destroy)|(?:fly|flyctl)~ (?:apps? destroy|volumes? destroy|postgres destroy)|doctl~ .*\bdelete\b.*(?:-f|--force)|railway~ down`,
    ),
    "it deletes an app or its data",
  ],
  [
    pattern(
      String.raw`gh~ (?:repo|secret|api .*-X ?DELETE .*repos/[^/]+/[^/\s]+$) ?delete\b|gh~ api\b.*(?:-X|--method)[ =]?DELETE\b.*repos/[^/\s]+/[^/\s]+(?:\s|$)|glab~ repo delete`,
    ),
    "it deletes a repository",
  ],
  [
    pattern(
      String.raw`rclone~ (?:purge|delete)\b|mc~ (?:rm\b.*--recursive.*--force|rm\b.*--force.*--recursive|rb\b.*--force)|s3cmd~ (?:rb|del)\b.*--(?:recursive|force)|etcdctl~ del\b.*--(?:prefix|from-key)|consul~ kv delete\b.*-recurse|virsh~ undefine\b.*--remove-all-storage|kafka-topics(?:\.sh)?\b.*--delete|vault~ (?:secrets disable|operator seal)|eksctl~ delete cluster|kind delete clusters --all|vagrant~ destroy\b.*(?:-f|--force)`,
    ),
    "it deletes stored data as a whole",
  ],
];

const RISKS: readonly (readonly [RegExp, string])[] = [
  [
    pattern(
      String.raw`(?:terraform|tofu|terragrunt)~ (?:destroy|apply\b.*-auto-approve|state rm|force-unlock|workspace delete|taint)\b|pulumi~ (?:destroy|stack rm|up\b.*(?:-y|--yes))|cdk~ destroy`,
    ),
    "it changes running infrastructure",
  ],
  [
    pattern(
      String.raw`(?:kubectl|oc|k)~ (?:delete\b(?! (?:pods?|po|jobs?)[ /])|drain|replace\b.*--force|scale\b.*--replicas[= ]0)`,
    ),
    "it takes running services away",
  ],
  [
    pattern(
      String.raw`helm~ (?:uninstall|delete|rollback)\b|helmfile~ (?:destroy|delete)|argocd~ app delete|nomad~ job stop\b.*-purge|istioctl~ uninstall`,
    ),
    "it takes running services away",
  ],
  [
    pattern(
      String.raw`aws~ s3~ sync\b.*--delete|aws~ (?:\S+ )?(?:delete|terminate|deregister|remove|purge|stop)-[\w-]+|gcloud~ .*\bdelete\b|az~ .*\bdelete\b|doctl~ .*\bdelete\b|aws~ s3~ rb\b|hcloud~ \S+ delete|linode-cli~ \S+ delete`,
    ),
    "it deletes something in the cloud",
  ],
  [
    pattern(
      String.raw`(?:docker|podman)~ (?:system prune|volume (?:rm|prune)|container prune\b.*-f|image prune\b.*-\w*a|network prune|swarm leave\b.*(?:-f|--force)|stack rm|service rm)|(?:docker compose|docker-compose|podman-compose)~ (?:down|rm)\b.*(?:-v\b|--volumes|-\w*v\b)`,
    ),
    "volumes and what they hold are lost",
  ],
  [
    pattern(String.raw`(?:docker|podman)~ run\b.*(?:-v|--volume|--mount)[ =](?:\S*src=|\S*source=)?\/:`),
    "it gives a container the whole disk",
  ],
  [
    pattern(
      String.raw`gh~ (?:release delete|secret delete|run delete|workflow disable|issue delete|api\b.*(?:-X|--method)[ =]?(?:DELETE)\b)|vercel~ (?:rm|remove)\b|netlify~ (?:sites:delete|api deleteSite)|firebase~ (?:firestore:delete|hosting:disable|database:remove|projects:delete)|wrangler~ (?:delete|d1 delete|r2 bucket delete|kv:?\s?namespace delete)|vagrant~ destroy|multipass~ (?:delete|purge)|virsh~ (?:undefine|destroy)|minikube~ delete|kind~ delete|colima~ delete|limactl~ delete|rabbitmqctl~ (?:reset|force_reset|delete_vhost)|vault~ kv (?:metadata )?delete|redis-cli~ .*\bconfig set\b`,
    ),
    "what it deletes does not come back",
  ],
];

const find = (table: readonly (readonly [RegExp, string])[], text: string): string | undefined =>
  table.find(([entry]) => entry.test(text))?.[1];

const isTrial = (text: string): boolean => /--dry-?run\b(?!=none)|--dryrun\b|--help\b|(?:^|\s)-h$/.test(text);

export const CLOUD: readonly Rule[] = [
  {
    id: "cloud-destroy",
    severity: "block",
    about:
      "deleting infrastructure or stored data as a whole: terraform, kubectl, aws, gcloud, az, docker, heroku, gh",
    remedy: "Show the plan (`plan`, `--dry-run`, `get`) and let the user run it.",
    match(invocation) {
      const text = `${invocation.name} ${line(invocation)}`.slice(0, 2_000);
      return isTrial(text) ? undefined : find(ERASES, text);
    },
  },
  {
    id: "cloud-change",
    severity: "confirm",
    about: "deleting or stopping single services, volumes, releases",
    remedy: "Show what it would do first (`plan`, `--dry-run`, `get`).",
    match(invocation) {
      const text = `${invocation.name} ${line(invocation)}`.slice(0, 2_000);
      return isTrial(text) ? undefined : find(RISKS, text);
    },
  },
];
