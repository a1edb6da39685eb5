/** How a program takes what it sends. */
export interface Sender {
  /** Flags whose value is sent, or names a file that is. */
  readonly flags?: readonly string[];
  /** Its operands are sent, or are files that are. */
  readonly operands?: boolean;
  /** What it reads from its input is sent. */
  readonly input?: boolean;
  /** Short options with a value that is not sent: a key, a header, a port. */
  readonly own?: readonly string[];
  /** It sends only with one of these words. */
  readonly verbs?: RegExp;
}

const CURL_FLAGS = [
  "-d",
  "--data",
  "--data-binary",
  "--data-raw",
  "--data-ascii",
  "--data-urlencode",
  "--json",
  "-F",
  "--form",
  "--form-string",
  "-T",
  "--upload-file",
  "--url",
  "--url-query",
];
const CLOUD: Sender = {
  operands: true,
  input: true,
  verbs: /^(?:cp|copy|copyto|put|sync|mv|move|upload|upload-batch|rcat|pipe|copy-objects?|moveto|rsync)$/,
};
const TALK: Sender = { operands: true, input: true };

export const SENDERS: Readonly<Record<string, Sender>> = {
  curl: {
    flags: CURL_FLAGS,
    operands: true,
    own: ["-H", "-u", "-b", "-c", "-e", "-E", "-K", "-x", "-X", "-A", "-o", "-w", "-m", "-P"],
  },
  curlie: { flags: CURL_FLAGS, operands: true, own: ["-H", "-u", "-X", "-o"] },
  wget: {
    flags: ["--post-file", "--post-data", "--body-file", "--body-data"],
    operands: true,
    own: ["-O", "-o", "-e", "-P", "-U"],
  },
  http: { ...TALK, own: ["-a", "-A", "-s"] },
  https: { ...TALK, own: ["-a", "-A", "-s"] },
  xh: { ...TALK, own: ["-a", "-A", "-s"] },
  nc: { ...TALK, own: ["-p", "-w", "-s", "-x", "-X"] },
  ncat: { ...TALK, own: ["-p", "-w", "-s", "-x", "-X"] },
  netcat: { ...TALK, own: ["-p", "-w", "-s", "-x", "-X"] },
  socat: TALK,
  telnet: TALK,
  openssl: { input: true, verbs: /^s_client$/ },
  ssh: {
    operands: true,
    input: true,
    own: ["-i", "-p", "-l", "-o", "-F", "-J", "-L", "-R", "-D", "-b", "-c", "-e", "-m", "-W", "-S", "-E"],
  },
  scp: { operands: true, own: ["-i", "-P", "-o", "-F", "-J", "-c", "-l", "-S"] },
  rsync: { operands: true, own: ["-e", "-f", "-T", "-B", "-M"] },
  sftp: { ...TALK, own: ["-i", "-P", "-o", "-F", "-J"] },
  ftp: TALK,
  lftp: TALK,
  tftp: TALK,
  ncftpput: TALK,
  mail: TALK,
  mailx: TALK,
  mutt: TALK,
  sendmail: TALK,
  msmtp: TALK,
  swaks: TALK,
  dig: { operands: true },
  drill: { operands: true },
  host: { operands: true },
  nslookup: { operands: true },
  ping: { operands: true, flags: ["-p"] },
  pastebinit: TALK,
  wgetpaste: TALK,
  ix: TALK,
  sprunge: TALK,
  wormhole: TALK,
  croc: TALK,
  ffsend: TALK,
  transfer: TALK,
  "magic-wormhole": TALK,
  mosquitto_pub: { flags: ["-m", "-f", "--message", "--file"], input: true },
  slackcat: TALK,
  gh: {
    operands: true,
    input: true,
    flags: ["-F", "--body-file", "-b", "--body", "-f", "--field", "--raw-field", "--input"],
    verbs: /^(?:gist|issue|pr|release|api)$/,
  },
  glab: { operands: true, input: true, verbs: /^(?:snippet|issue|mr|release|api)$/ },
  aws: {
    ...CLOUD,
    flags: ["--body", "--cli-input-json"],
    verbs: /^(?:cp|mv|sync|put-object|publish|send-message|send-command)$/,
  },
  gsutil: CLOUD,
  gcloud: CLOUD,
  az: { ...CLOUD, flags: ["-f", "--file", "--source", "-s"] },
  azcopy: CLOUD,
  rclone: CLOUD,
  mc: CLOUD,
  s3cmd: CLOUD,
  s5cmd: CLOUD,
  b2: { ...CLOUD, verbs: /^(?:upload-file|upload_file|file|sync|upload)$/ },
};

/** Long options that say who one is, and others that send nothing. */
export const OWN_OPTIONS = [
  "--header",
  "--user",
  "--cert",
  "--key",
  "--cacert",
  "--config",
  "--netrc-file",
  "--identity",
  "--rsh",
  "--output",
  "--exclude",
  "--exclude-from",
  "--include",
  "--profile",
  "--region",
  "--cookie",
  "--cookie-jar",
  "--private-key",
  "--certificate",
  "--ca-certificate",
  "--password",
  "--auth",
];
