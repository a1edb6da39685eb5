import { expect, test } from "vitest";
import { walkCommand } from "../src/walk.js";

/** The words of the last command, as the walk resolved them. */
function wordsOf(command: string): string[] {
  const last = walkCommand(command, "/repo/dir").invocations.at(-1);
  return last ? [last.command.text, ...last.args.map((arg) => arg.text)] : [];
}

test.each([
  [`r''m -r"f" /`, ["rm", "-rf", "/"]],
  [String.raw`\rm $'\x2f' $'\162'`, ["rm", "/", "r"]],
  ["X=rm; Y='-r -f'; $X $Y /", ["rm", "-r", "-f", "/"]],
  [`Y='-r -f'; rm "$Y"`, ["rm", "-r -f"]],
  ["a=r; b=m; ${a}${b} x", ["rm", "x"]],
  ["rm${IFS}-rf${IFS}/", ["rm", "-rf", "/"]],
  ["rm /{etc,usr}/x {1..3}", ["rm", "/etc/x", "/usr/x", "1", "3"]],
  ["rm ${NOPE:-/} ${HOME:0:1}", ["rm", "/", "/"]],
  ["V=c; c=/etc; rm ${!V}", ["rm", "/etc"]],
  ["p=/a/b; rm ${p//a/etc}", ["rm", "/etc/b"]],
  ["rm ~ $HOME/x '$HOME'", ["rm", "~", "~/x", "$HOME"]],
  ["$(echo rm) `printf 'r%s' f`", ["rm", "rf"]],
  ["rm $(pwd)/x $(mktemp -d)/y", ["rm", "/repo/dir/x", "/tmp/tmp.scratch/y"]],
  ["a=(x y); rm ${a[@]}", ["rm", "x", "y"]],
  ["D=a; D+=b; rm $D", ["rm", "ab"]],
  ['f() { rm "$2"; }; f one two', ["rm", "two"]],
])("%s", (command, words) => {
  expect(wordsOf(command)).toEqual(words);
});

test("an unknown variable stays visible and is marked", () => {
  const [rm] = walkCommand('rm "$SOMEWHERE/x"', "/").invocations;
  expect(rm?.args).toEqual([{ text: "$SOMEWHERE/x", dynamic: true, origin: "other", glob: false }]);
});

test("a variable that doubles itself stays bounded", () => {
  const doubling = `a=${"x".repeat(100)};${"a=$a$a$a$a;".repeat(60)}rm $a`;
  expect(wordsOf(doubling).join("").length).toBeLessThan(110_000);
});
