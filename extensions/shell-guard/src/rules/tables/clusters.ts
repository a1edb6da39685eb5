import type { Row } from "../words.js";

const GROUP =
  "ns|namespace|namespaces|node|nodes|no|pv|persistentvolume|persistentvolumes|pvc|persistentvolumeclaim|persistentvolumeclaims|crd|crds|customresourcedefinition|customresourcedefinitions|clusterrole|clusterroles|project|projects";
/** The same with the name behind a slash. */
const NAMED = GROUP.split("|")
  .map((kind) => `${kind}/*`)
  .join("|");

/** Clusters and infrastructure as code: whole groups go. */
export const CLUSTERS_LOST: readonly Row[] = [
  [
    `kubectl|oc|k delete ${GROUP} ; kubectl|oc|k delete ${NAMED}`,
    "it deletes a whole group of cluster resources",
  ],
  ["kubectl|oc|k delete ... --all|-A|--all-namespaces", "it deletes a whole group of cluster resources"],
  [
    "terraform|tofu destroy -auto-approve|--auto-approve ; terraform|tofu apply -destroy|--destroy -auto-approve|--auto-approve",
    "it destroys the infrastructure without a question",
  ],
  [
    "terragrunt destroy -auto-approve|--auto-approve|--terragrunt-non-interactive|--non-interactive ; terragrunt run-all|run destroy ... -auto-approve|--auto-approve|--terragrunt-non-interactive|--non-interactive ; terragrunt destroy-all",
    "it destroys the infrastructure without a question",
  ],
  ["pulumi destroy|down -y|--yes|-f|--skip-preview", "it destroys the infrastructure without a question"],
  ["cdk|sst destroy|remove -f|--force|--stage=prod", "it destroys the infrastructure without a question"],
  [
    "eksctl|kops delete cluster ... ; kops delete cluster --yes ; kind delete clusters --all",
    "it deletes a cluster",
  ],
  ["etcdctl del --prefix|--from-key ; consul kv delete -recurse", "it deletes stored data as a whole"],
  [
    "vault secrets disable ; vault operator seal ; vault namespace delete",
    "it deletes stored secrets as a whole",
  ],
  ["velero backup|schedule|restore delete --all", "it deletes every backup of the cluster"],
];

/** Clusters and infrastructure as code: single things go, or stop. */
export const CLUSTERS_CHANGED: readonly Row[] = [
  [
    "kubectl|oc|k delete ^pod|pods|po|job|jobs|pod/*|pods/*|po/*|job/*|jobs/* ; kubectl|oc|k delete -f|--filename|-k|--kustomize",
    "it takes running services away",
  ],
  [
    "kubectl|oc|k drain ; kubectl|oc|k replace --force ; kubectl|oc|k scale --replicas=0 ; kubectl|oc|k rollout undo",
    "it takes running services away",
  ],
  [
    "terraform|tofu|terragrunt destroy ; terraform|tofu|terragrunt apply|run-all -auto-approve|--auto-approve ; terraform|tofu|terragrunt state rm|push ; terraform|tofu|terragrunt force-unlock|taint ; terraform|tofu|terragrunt workspace delete",
    "it changes running infrastructure, or what is known of it",
  ],
  [
    "pulumi destroy|down ; pulumi stack rm ; pulumi state delete ; pulumi up|update -y|--yes|-f|--skip-preview ; cdk|cdktf|sst destroy|remove ; serverless|sls remove ; sam delete ; copilot app|env|svc delete ; cdk8s destroy",
    "it changes running infrastructure",
  ],
  [
    "helm uninstall|delete|del|rollback ; helmfile destroy|delete ; argocd app delete ; argocd proj delete ; flux delete|uninstall ... ; nomad job stop -purge ; nomad stop -purge ; istioctl uninstall ; linkerd uninstall ; waypoint destroy ; skaffold delete ; kustomize delete",
    "it takes running services away",
  ],
  [
    "kops|minikube|kind|k3d|colima delete ... ; limactl delete|rm ; multipass delete|purge ; vagrant destroy ; virsh undefine|destroy ; orb delete ; microk8s reset ; k3s-uninstall.sh ; kubeadm reset",
    "the machine goes with what it holds",
  ],
  [
    "vault kv delete ; vault kv metadata delete ; vault kv destroy ; vault delete",
    "it deletes stored secrets",
  ],
  ["nomad system gc ; consul kv delete ; etcdctl del", "it deletes stored data"],
];
