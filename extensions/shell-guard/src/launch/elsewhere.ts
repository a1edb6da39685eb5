import type { Carrier } from "./carrier.js";

const KUBE_LONG = [
  "--namespace",
  "--container",
  "--context",
  "--kubeconfig",
  "--cluster",
  "--user",
  "--image",
  "--as",
];
const KUBE: readonly Carrier[] = [
  {
    verbs: ["exec", "run", "debug", "rsh"],
    short: "ncfsl",
    long: KUBE_LONG,
    dashes: true,
    machine: "container",
  },
  { verbs: ["exec", "rsh"], short: "ncfs", long: KUBE_LONG, own: 1, machine: "container" },
];

/** Shells on another machine or in a container that has no mount of this one that could be read off the command. */
export const ELSEWHERE: Readonly<Record<string, readonly Carrier[]>> = {
  ssh: [{ short: "BbcDEeFIiJLlmOoPpQRSWw", own: 1, mixed: true, joined: true, machine: "remote" }],
  autossh: [{ short: "BbcDEeFIiJLlMmOoPpQRSWw", own: 1, mixed: true, joined: true, machine: "remote" }],
  sshpass: [{ short: "pfdPe" }],
  mosh: [{ short: "p", long: ["--ssh", "--port", "--server", "--client"], own: 1, machine: "remote" }],
  tsh: [
    {
      verbs: ["ssh"],
      short: "lpi",
      long: ["--proxy", "--user", "--login"],
      own: 1,
      joined: true,
      machine: "remote",
    },
  ],
  pdsh: [{ short: "wxgltfu", joined: true, machine: "remote" }],
  clush: [{ short: "wxgl", joined: true, machine: "remote" }],
  pssh: [{ short: "hHlpotx", joined: true, machine: "remote" }],
  "parallel-ssh": [{ short: "hHlpotx", joined: true, machine: "remote" }],
  rsh: [{ short: "l", own: 1, joined: true, machine: "remote" }],
  ansible: [
    {
      short: "aimuflet",
      long: ["--inventory", "--user"],
      scripts: ["-a", "--args"],
      scriptsOnly: true,
      machine: "remote",
    },
  ],
  adb: [{ verbs: ["shell"], short: "st", joined: true, machine: "remote" }],
  gcloud: [
    {
      verbs: ["compute", "alpha", "beta"],
      long: ["--zone", "--project"],
      scripts: ["--command"],
      own: 2,
      mixed: true,
      joined: true,
      machine: "remote",
    },
  ],
  vagrant: [{ verbs: ["ssh"], scripts: ["-c", "--command"], dashes: true, joined: true, machine: "remote" }],
  heroku: [
    {
      verbs: ["run", "run:detached"],
      short: "arse",
      long: ["--app", "--remote", "--size", "--env"],
      joined: true,
      machine: "remote",
    },
  ],
  fly: [
    {
      verbs: ["ssh"],
      short: "aCsr",
      long: ["--app"],
      scripts: ["-C", "--command"],
      own: 1,
      mixed: true,
      machine: "remote",
    },
  ],
  flyctl: [
    {
      verbs: ["ssh"],
      short: "aCsr",
      long: ["--app"],
      scripts: ["-C", "--command"],
      own: 1,
      mixed: true,
      machine: "remote",
    },
  ],
  railway: [
    { verbs: ["run"], short: "se", long: ["--service", "--environment"] },
    { verbs: ["ssh"], short: "se", long: ["--service", "--environment"], joined: true, machine: "remote" },
  ],
  doctl: [{ verbs: ["compute"], scripts: ["--ssh-command"], own: 2, mixed: true, machine: "remote" }],
  multipass: [{ verbs: ["exec"], short: "d", long: ["--working-directory"], own: 1, machine: "remote" }],
  limactl: [{ verbs: ["shell"], long: ["--workdir", "--shell"], own: 1, machine: "remote" }],
  minikube: [{ verbs: ["ssh"], short: "pn", joined: true, machine: "remote" }],
  colima: [{ verbs: ["ssh"], short: "p", joined: true, machine: "remote" }],
  wsl: [{ short: "due", long: ["--distribution", "--user", "--cd"], machine: "remote" }],
  salt: [{ short: "LEGNC", own: 2, joined: true, machine: "remote" }],
  machinectl: [{ verbs: ["shell"], short: "MHE", long: ["--uid", "--setenv"], own: 1, machine: "container" }],
  lxc: [
    {
      verbs: ["exec"],
      long: ["--cwd", "--env", "--user", "--group", "--mode"],
      own: 1,
      machine: "container",
    },
  ],
  incus: [
    {
      verbs: ["exec"],
      long: ["--cwd", "--env", "--user", "--group", "--mode"],
      own: 1,
      machine: "container",
    },
  ],
  "lxc-attach": [{ short: "nfsv", long: ["--name"], machine: "container" }],
  "systemd-nspawn": [
    { short: "DiMu", long: ["--directory", "--image", "--machine", "--user"], machine: "container" },
  ],
  kubectl: KUBE,
  oc: KUBE,
  k: KUBE,
  crictl: [{ verbs: ["exec"], own: 1, machine: "container" }],
  ctr: [{ verbs: ["task", "tasks", "t"], own: 2, mixed: true, machine: "container" }],
  devcontainer: [{ verbs: ["exec"], long: ["--workspace-folder", "--container-id", "--config"] }],
};
