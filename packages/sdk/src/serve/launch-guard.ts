/** What somebody reads who starts an extension by hand. */
export const LAUNCH_TEXT = `This program is an extension: it talks to a host over its standard input and output,
and does nothing useful when started by hand.

Try it with:       synaps-ext run --extensions-dir <the folder of this extension>
Check it with:     synaps-ext validate <the folder of this extension>
`;

/** Whether standard input is a terminal, so that no host can be at the other end. */
export function startedByHand(input: { isTTY?: boolean } = process.stdin): boolean {
  return input.isTTY === true;
}
