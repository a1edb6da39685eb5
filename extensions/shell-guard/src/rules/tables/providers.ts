import type { Row } from "../words.js";

const DATA = "it deletes infrastructure with its data";
const BUCKET = "it deletes a bucket or everything in it";
const ONE = "it deletes something in the cloud";

/** Providers of infrastructure: what goes with its data. */
export const PROVIDERS_LOST: readonly Row[] = [
  ["aws s3 rb --force ; aws s3 rm --recursive", BUCKET],
  [
    "aws * terminate-instances|delete-db-instance|delete-db-cluster|delete-db|delete-table|delete-stack|delete-bucket|delete-volume|delete-snapshot|delete-db-snapshot|delete-cluster|delete-file-system|delete-hosted-zone|delete-user-pool|delete-vault|delete-backup-vault|delete-repository|delete-cache-cluster|delete-replication-group|delete-domain|delete-secret|delete-global-cluster|schedule-key-deletion",
    DATA,
  ],
  ["aws organizations close-account|delete-organization", "it closes an account"],
  ["gcloud ... delete -q|--quiet", DATA],
  [
    "gcloud projects delete ; gcloud sql instances|databases|backups delete ; gcloud container clusters delete ; gcloud spanner instances|databases delete ; gcloud firestore databases delete ; gcloud alpha|beta projects|sql|container ... delete",
    DATA,
  ],
  [
    "gcloud storage rm -r|-R|--recursive ; gsutil rm -r|-R ; gsutil rb ; gcloud storage buckets delete",
    BUCKET,
  ],
  ["bq rm -r|-f", DATA],
  [
    "az group delete ; az storage account|container|share delete ; az storage blob delete-batch ; az sql db|server delete ; az postgres|mysql|cosmosdb ... delete ; az vm|aks|acr delete ; az keyvault delete|purge ; az cosmosdb delete",
    DATA,
  ],
  [
    "doctl ... delete|d|rm -f|--force ; hcloud server|volume delete ; linode-cli linodes|volumes delete ... ; vultr-cli instance|database delete",
    DATA,
  ],
  [
    "rclone purge|delete|rmdirs ; mc rm --recursive --force ; mc rb --force ; s3cmd rb|del --recursive|--force ; b2 bucket delete ; b2 rm --recursive ; azcopy remove|rm --recursive",
    BUCKET,
  ],
  [
    "ibmcloud resource service-instance-delete|group-delete ; oci os bucket delete ; oci db ... delete|terminate ; scw instance|rdb ... delete ; ovhcloud ... delete ; aliyun ... deleteinstance|deletedbinstance",
    DATA,
  ],
];

/** Providers of infrastructure: one thing goes, or others lose access. */
export const PROVIDERS_CHANGED: readonly Row[] = [
  [
    "aws s3 sync --delete ; aws s3 rb ; aws s3 mv --recursive",
    "what is not in the source is deleted in the bucket, or the bucket itself",
  ],
  [
    "aws * delete-*|terminate-*|deregister-*|remove-*|purge-*|stop-*|disable-*|revoke-*|detach-*|reboot-*|release-* ; aws ec2|iam|lambda ... delete-*",
    ONE,
  ],
  [
    "gcloud ... delete|remove-iam-policy-binding|set-iam-policy ; gcloud ... stop|suspend|disable ; az ... delete|purge|remove|stop|deallocate",
    ONE,
  ],
  [
    "doctl ... delete|destroy|rm ; hcloud * delete|poweroff|rebuild ; linode-cli * delete|shutdown|rebuild ; vultr-cli ... delete ; scw ... delete|terminate ; oci ... delete|terminate ; ibmcloud ... rm|delete|service-instance-delete ; openstack|nova ... delete ; civo ... remove|delete|rm ; exo|upctl|aliyun|tccli|ovhcloud ... delete",
    ONE,
  ],
  [
    "gsutil rsync -d ; gcloud storage rsync --delete-unmatched-destination-objects ; azcopy sync --delete-destination=true ; s3cmd sync --delete-removed ; mc mirror --remove ; b2 sync --delete ; s5cmd sync --delete ; rclone sync|move|dedupe|cleanup ; azcopy remove|rm ; mc rm --recursive ; s5cmd rm ; gcloud storage rm ; gsutil rm",
    "what is not in the source is deleted in the destination",
  ],
];
