import type { ControlStatus } from "@synaps/host";
import type { Found, HostFlags, MuteHost } from "./hosts.js";
import type { Output } from "./io.js";
import { hostText } from "./status-text.js";
import { plain } from "./text.js";

export interface StatusFlags extends HostFlags {
  check?: boolean;
  watch?: boolean;
  json?: boolean;
}

/** Just as the hosts say it. */
export function statusJson({ hosts }: Found): { schemaVersion: 1; hosts: ControlStatus[] } {
  return { schemaVersion: 1, hosts: hosts.map(({ status }) => status) };
}

export function foundText({ hosts, mute }: Found, nowMs: number, out: Output): string {
  return [
    ...hosts.map(({ status }) => hostText(status, nowMs, out)),
    ...mute.map((one) => muteText(one, out)),
  ].join("\n");
}

export function muteText({ why }: MuteHost, out: Output): string {
  return `${out.paint("yellow", "warn")}  ${plain(why)}\n`;
}
