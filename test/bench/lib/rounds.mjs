import { bootstrapRatio, median, pool, quantile, quantileOf, shuffled, sorted, spread } from "./stats.mjs";

/**
 * Runs every contestant once in each round, in a new order each time, so that whatever else the machine does hits
 * all of them alike. `measure` returns what one block gave; `every: n` takes part in each nth round only.
 */
export async function interleave(contestants, rounds) {
  const samples = new Map(contestants.map(({ name }) => [name, new Map()]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, measure, every = 1 } of shuffled(contestants)) {
      if (round % every === 0) samples.get(name).set(round, await measure(round));
    }
  }
  return new Samples(samples);
}

/** What the blocks of all rounds gave, by contestant. */
export class Samples {
  #samples;

  constructor(samples) {
    this.#samples = samples;
  }

  blocks(name) {
    return [...this.#samples.get(name).values()];
  }

  /** One figure of each block, in the middle. */
  of(name, figure = (block) => block) {
    return spread(this.blocks(name).map(figure));
  }

  /** The ratio of two contestants in each round that both took part in, in the middle. */
  ratio(name, to, figure = (block) => block) {
    const own = this.#samples.get(name);
    const other = this.#samples.get(to);
    const rounds = [...own.keys()].filter((round) => other.has(round));
    return spread(rounds.map((round) => figure(own.get(round)) / figure(other.get(round))));
  }

  /** The ratio of a quantile over the calls of all blocks, with its 95 % bootstrap interval. */
  pooledRatio(name, to, q, calls = (block) => block) {
    const own = this.blocks(name).map(calls);
    const other = this.blocks(to).map(calls);
    const ratio = quantile(pool(own), q) / quantile(pool(other), q);
    return { median: ratio, ...bootstrapRatio(own, other, q), rounds: own.length };
  }

  /** Quantiles over the calls of all blocks. */
  pooled(name, calls = (block) => block) {
    const all = sorted(pool(this.blocks(name).map(calls)));
    return {
      calls: all.length,
      p50: quantileOf(all, 0.5),
      p99: quantileOf(all, 0.99),
      p999: quantileOf(all, 0.999),
    };
  }
}

/** Microseconds of each of `calls` calls, one after the other, after a few that only warm up. */
export async function timeCalls(call, calls, warmUp = Math.ceil(calls / 10)) {
  for (let n = 0; n < warmUp; n += 1) await call();
  const took = new Float64Array(calls);
  for (let n = 0; n < calls; n += 1) {
    const from = performance.now();
    await call();
    took[n] = (performance.now() - from) * 1000;
  }
  return took;
}

/** Calls a second with up to `inFlight` of them under way. */
export async function throughput(call, total, inFlight) {
  const from = performance.now();
  /** @type {Promise<void>} */
  const all = new Promise((resolve, reject) => {
    let started = 0;
    let done = 0;
    const next = () => {
      started += 1;
      call().then(finish, reject);
    };
    const finish = () => {
      done += 1;
      if (done === total) resolve();
      else if (started < total) next();
    };
    for (let n = 0; n < Math.min(inFlight, total); n += 1) next();
  });
  await all;
  return (total / (performance.now() - from)) * 1000;
}

/** Milliseconds of processor time that this process took for `work`, in user and kernel mode, all threads. */
export async function cpuMs(work) {
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

export { median };
