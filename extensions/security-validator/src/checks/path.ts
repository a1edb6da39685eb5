import { rule, type Rule } from "./check.js";

/** Only texts that are a path as a whole: `../` is ordinary in the middle of code and prose. */
const LONGEST_PATH = 1_024;
const PATH = /^[^\s<>"'`;|&]{1,1024}$/;

const whole = (inner: Rule): Rule => ({
  ...inner,
  find: (text, from) => (text.length <= LONGEST_PATH && PATH.test(text) ? inner.find(text, from) : undefined),
});

const UP = String.raw`(?:\.|%2e|%252e|%c0%ae){2}`;
const SLASH = String.raw`(?:[/\\]|%2f|%5c|%252f|%255c|%c0%af)`;

/** Shapes of paths that leave the folder they begin in, or lead to what programs must not read. */
export const PATH_RULES = [
  // One step up is everyday; two leave the folder of most projects.
  whole(rule("path", "path-climbs", new RegExp(`(?:${UP}${SLASH}{1,4}){2,64}`, "i"), "")),
  whole(
    rule(
      "path",
      "path-encoded",
      new RegExp(`(?:%2e|%252e|%c0%ae){2}${SLASH}|\\.\\.(?:%2f|%5c|%252f|%255c|%c0%af)`, "i"),
      "",
    ),
  ),
  whole(rule("path", "path-doubled", /\.{4}[/\\]{1,4}/, "")),
  whole(
    rule(
      "path",
      "path-climbs-to",
      new RegExp(`${UP}${SLASH}{1,4}(?:etc|proc|root|windows|boot|\\.ssh|\\.aws|\\.git)(?:${SLASH}|$)`, "i"),
      "",
    ),
  ),
  whole(
    rule(
      "path",
      "path-system",
      /^(?:file:\/\/)?(?:\/etc\/(?:passwd|shadow|sudoers|gshadow)|\/proc\/(?:self|\d{1,8})\/(?:environ|mem|maps)|\/root\/\.|c:[\\/]windows[\\/]system32[\\/]config)/i,
    ),
  ),
  whole(rule("path", "path-zero", /\0|%00/, "")),
];
