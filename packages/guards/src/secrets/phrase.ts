import { kindOfName } from "./names.js";
import { isPlaceholder } from "./placeholder.js";

/** Words of a sentence to somebody who types a password, or who may not. */
const TO_A_READER =
  /passw|passe|passphrase|kenn?wort|wort\b|woord|contrase|senha|has[łl]|hesl|parol|\b(?:enter|please|must|required?|invalid|type|is|are|not|no|too|at least|minimum|should|cannot|can't|forgot|reset|change|confirm|repeat|current|new|old|your|wrong|incorrect|missing|empty|match(?:es)?|show|hide|log ?in|sign ?in|bitte|geben|veuillez|por favor)\b|%[sd]/i;

/** Names of messages and labels. */
const LABEL = /MSG|MESSAGE|TEXT|LABEL|ERR|PROMPT|TITLE|HELP|HINT|DESC/i;

/**
 * True for two to eight words that a person made into a password. Behind a name in capitals, as the environment has them,
 * any words do; behind others, which also name labels, one of the words has to be a number.
 */
export function isPhrase(value: string, name: string): boolean {
  const words = value.trim().split(/ +/);
  if (words.length < 2 || words.length > 8 || LABEL.test(name) || kindOfName(name) !== "password")
    return false;
  if (TO_A_READER.test(value) || isPlaceholder(value)) return false;
  if (name === name.toUpperCase()) return true;
  return (
    words.every((word) => /^[\p{L}\d'!-]{1,24}$/u.test(word)) && words.some((word) => /^\d+!?$/.test(word))
  );
}
