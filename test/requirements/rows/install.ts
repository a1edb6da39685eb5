import { done, superseded, type Requirement } from "../row.js";

const SETUP = "reference: setup scripts";
const PREBUILT = "reference: prebuilt assets";

/** Setup scripts and prebuilt assets. */
export const INSTALL: readonly Requirement[] = [
  done("INST-010", PREBUILT, "tar.gz, tgz and zip are unpacked with modes and links that stay inside."),
  done("INST-011", PREBUILT, "Paths and links that lead outside, and what is no file, are refused."),
  done("INST-012", PREBUILT, "A damaged archive is refused and never writes outside."),
  done("INST-013", PREBUILT, "What grows without bound when unpacked is refused."),
  superseded(
    "INST-020",
    SETUP,
    "A setup script runs with bash in the extension's folder, with the environment that extensions get.",
    "the host's own environment may hold credentials, which are no business of a setup",
  ),
  done("INST-021", SETUP, "Its output stands in logs/install, without control characters."),
  done("INST-022", SETUP, "A failure is noted as setup_status in plugins.json, all else in it stays."),
  done("INST-023", "ours: setup", "A record that cannot be read is named and not overwritten."),
  done("INST-024", SETUP, "It is ended with all that it started after 10 minutes, or when given up."),
  done("INST-025", SETUP, "A script outside of the extension's folder is not run."),
  done("INST-026", SETUP, "There is at most one script: the extension's, else the sidecar's."),
  done(
    "INST-027",
    "reference: command verification",
    "After a setup the command must be there and stay inside.",
  ),
  done("INST-030", PREBUILT, "An asset is fetched, checked and unpacked."),
  done("INST-031", PREBUILT, "Another checksum is fatal, without falling back to the script."),
  done("INST-032", PREBUILT, "An unsafe asset changes nothing, and none may change the manifest."),
  done("INST-033", PREBUILT, "Only https, with a sha256 of 64 digits, of a known kind."),
  done("INST-034", "ours: setup", "Redirects are followed over https only, five at most."),
  done("INST-035", PREBUILT, "At most 128 MiB are fetched, whatever the server says."),
  done("INST-036", PREBUILT, "Slow servers are given up after 15 s and 120 s; bad certificates are refused."),
  done("INST-037", "ours: setup", "What cannot be fetched falls back to the script and says so."),
  done("INST-038", PREBUILT, "Keys name system and machine; other machines use the script."),
  done("INST-040", "ours: trust", "synaps-ext setup asks first; 4 without a yes."),
  done("INST-041", "ours: trust", "What a setup made is approved; a failed one is told with its remedy."),
  done(
    "INST-043",
    "ours: install",
    "A folder with links outside, special files or too much in it is not installed, nor one that changes meanwhile.",
  ),
  done("INST-045", "ours: setup", "An asset is put in its place as a whole, or not at all."),
  done("INST-044", "ours: install", "The rest of a killed installation is put right by the next look."),
];
