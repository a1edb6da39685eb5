/**
 * The function with its last answer kept: the rules look at one command after the other, and most of them ask the same of it.
 * For pure functions only; one answer stays in memory until the next question. Callers share the answer and may not change it.
 */
export function lastKept<K extends object, V>(make: (of: K) => V): (of: K) => V {
  let last: { readonly of: K; readonly answer: V } | undefined;
  return (of) => {
    if (last?.of !== of) last = { of, answer: make(of) };
    return last.answer;
  };
}

/** The same for what follows from two things. */
export function lastKeptOfBoth<A extends object, B extends object, V>(
  make: (one: A, other: B) => V,
): (one: A, other: B) => V {
  let last: { readonly one: A; readonly other: B; readonly answer: V } | undefined;
  return (one, other) => {
    if (last?.one !== one || last.other !== other) last = { one, other, answer: make(one, other) };
    return last.answer;
  };
}

/** Names of programs whose answers are kept, and characters of one: a line hardly holds more, whoever writes it. */
const MAX_NAMES = 1_000;
const MAX_NAME = 40;

/** The same for what follows from the name of a program alone: patterns over names are tried once for each. */
export function keptByName<V>(make: (name: string) => V): (name: string) => V {
  const kept = new Map<string, V>();
  return (name) => {
    if (name.length > MAX_NAME) return make(name);
    const before = kept.get(name);
    if (before !== undefined || kept.has(name)) return before as V;
    if (kept.size >= MAX_NAMES) kept.clear();
    const answer = make(name);
    kept.set(name, answer);
    return answer;
  };
}
