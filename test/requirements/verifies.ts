/**
 * Names the requirements that a test proves; goes in front of its title. The ids stand in the ledger,
 * `test/requirements.ts`; `coverage.test.ts` reads these calls from the sources, so ids are written as literals.
 */
export function verifies(...ids: [string, ...string[]]): string {
  return `${ids.join(", ")}: `;
}
