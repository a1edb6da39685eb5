import fc from "fast-check";
import { chainPlan } from "./draw.js";
import { play } from "./play.js";
import { brokenPromise } from "./promises.js";

/** Draws chains and plays them. Throws with the seed and the smallest chain that breaks a promise. */
export async function checkChains(count: number, seed: number): Promise<void> {
  const property = fc.asyncProperty(chainPlan, async (plan) => {
    const broken = brokenPromise(await play(plan));
    if (broken !== undefined) throw new Error(broken);
  });
  await fc.assert(property, { numRuns: count, seed });
}
