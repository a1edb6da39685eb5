import { rule } from "./check.js";

/** Commands that are run behind a value, with what makes them more than a word of a sentence. */
const COMMAND = String.raw`(?:sudo\s{1,4})?(?:/(?:usr/)?bin/)?(?:rm\s{1,4}-|(?:curl|wget)\s{1,4}(?:-|https?:|\w+\.)|nc(?:at)?\s{1,4}-|(?:ba|z|da|k)?sh\s{1,4}-[ci]|python3?\s{1,4}-c|perl\s{1,4}-e|(?:cat|less|head|tail|more)\s{1,4}/(?:etc|proc|root|home|var)|chmod\s{1,4}[+0-7]|mkfifo\s|whoami\b|ifconfig\b|uname\s{1,4}-|id\s{0,4}(?:$|[;&|)#\x60])|ping\s{1,4}-|shutdown\s{1,4}-|reboot\s{0,4}(?:$|[;&|])|kill\s{1,4}-9|powershell\b|cmd(?:\.exe)?\s{1,4}/c|type\s{1,4}c:|ls\s{1,4}(?:-|/))`;

/** Shapes that begin a command behind a value. */
export const COMMAND_RULES = [
  rule("command", "command-chained", new RegExp(String.raw`(?:;|&&|\|\|?|&|%0a|\n)\s{0,8}${COMMAND}`, "i")),
  rule(
    "command",
    "command-substituted",
    new RegExp(String.raw`(?:\$\(|\x60|<\()\s{0,8}${COMMAND}[^)\x60]{0,200}[)\x60]?`, "i"),
  ),
  rule(
    "command",
    "command-to-shell",
    /\|\s{0,8}(?:sudo\s{1,4})?(?:\/(?:usr\/)?bin\/)?(?:ba|z|da|k)?sh\b(?!\w)/i,
  ),
  rule(
    "command",
    "command-reverse-shell",
    /\/dev\/(?:tcp|udp)\/[\w.-]{1,100}\/\d{1,5}|\bnc(?:at)?\s{1,4}(?:-\w{1,4}\s{1,4}){0,3}-e\b/i,
  ),
  rule("command", "command-ifs", /\$\{?IFS\}?/),
];
