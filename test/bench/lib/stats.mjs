/** Numbers of a benchmark: order statistics, spreads, and bootstrap intervals over blocks. */

/** @param {ArrayLike<number>} values */
export function sorted(values) {
  return Float64Array.from(values).sort();
}

/** The value below which the share `q` of an already sorted list lies. */
export function quantileOf(ordered, q) {
  if (ordered.length === 0) return Number.NaN;
  return ordered[Math.min(ordered.length - 1, Math.floor(q * ordered.length))];
}

export function quantile(values, q) {
  return quantileOf(sorted(values), q);
}

export function median(values) {
  const ordered = sorted(values);
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
}

/** Median and quartiles: what is printed as `1.42 (1.35-1.50)`. */
export function spread(values) {
  const ordered = sorted(values);
  return {
    median: median(ordered),
    low: quantileOf(ordered, 0.25),
    high: quantileOf(ordered, 0.75),
    rounds: ordered.length,
  };
}

/** All blocks in one list. */
export function pool(blocks) {
  const all = new Float64Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

/**
 * 95 % interval for the ratio of one quantile between two contestants. Whole blocks are drawn, not single calls:
 * calls of one block share the machine's mood.
 */
export function bootstrapRatio(own, other, q, draws = 200) {
  const ratios = [];
  for (let draw = 0; draw < draws; draw += 1) {
    ratios.push(quantile(pool(resample(own)), q) / quantile(pool(resample(other)), q));
  }
  const ordered = sorted(ratios);
  return { low: quantileOf(ordered, 0.025), high: quantileOf(ordered, 0.975) };
}

function resample(blocks) {
  return blocks.map(() => blocks[Math.floor(Math.random() * blocks.length)]);
}

/** Slope of a straight line through the points, in y per x. */
export function slope(points) {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  let above = 0;
  let below = 0;
  for (const [x, y] of points) {
    above += (x - meanX) * (y - meanY);
    below += (x - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

export function shuffled(list) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}
