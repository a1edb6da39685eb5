import type { Row } from "../words.js";

/** Containers: images, containers and volumes go at once. */
export const CONTAINERS_LOST: readonly Row[] = [
  [
    "docker|podman|nerdctl system prune -a|--all --volumes ; podman system reset ; docker desktop reset",
    "it deletes every unused image and volume, data included",
  ],
];

const VOLUMES = "volumes and what they hold are lost";

/** Containers: volumes go, or services of a swarm. */
export const CONTAINERS_CHANGED: readonly Row[] = [
  [
    "docker|podman|nerdctl system prune ; docker|podman|nerdctl volume rm|remove|prune ; docker|podman|nerdctl rm|remove -v|--volumes ; docker|podman|nerdctl container rm|remove -v|--volumes",
    VOLUMES,
  ],
  [
    "docker|podman|nerdctl compose down|rm -v|--volumes ; docker-compose|podman-compose down|rm -v|--volumes",
    VOLUMES,
  ],
  [
    "docker|podman|nerdctl container prune -f|--force ; docker|podman|nerdctl image prune -a|--all ; docker|podman|nerdctl network prune ; podman pod rm|prune -a|-f|--all|--force",
    "what is not in use right now is lost",
  ],
  [
    "docker swarm leave -f|--force ; docker stack|service rm|remove ; docker node rm ; docker secret|config rm ; docker context rm",
    "it takes running services away",
  ],
  [
    "podman rm|stop|kill -a|--all ; nerdctl rm -f|--force -a ; lxc|incus delete|rm ; machinectl remove|terminate|clean-all ; ctr containers|images|snapshots rm|remove|delete ; crictl rmp|rm|rmi -a|--all|-f|--force",
    "containers go with what they hold",
  ],
];
