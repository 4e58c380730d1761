/**
 * The one source of randomness. Everything random in a run comes from a {@linkcode Random} whose
 * seed is derived from the run's seed, so a seed fixes every draw.
 *
 * @example A stream for generation 3 of run 7
 * ```ts
 * import { deriveSeed, Random } from "@mddes/mddes/evolution";
 *
 * const random = new Random(deriveSeed(7, 3));
 * const u = random.uniform(); // in [0, 1)
 * const z = random.normal(); // mean 0, variance 1
 * ```
 *
 * @module
 */

/** One round of the murmur3 finaliser: mixes all 32 bits of `h`. */
function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A seed for a part of a run, from the run's seed and the numbers that name the part.
 *
 * @param parts Integers; the order matters. Bits above 2^53 are lost.
 * @returns An unsigned 32-bit integer.
 * @throws {RangeError} If a part is not a safe integer.
 */
export function deriveSeed(...parts: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) {
    if (!Number.isSafeInteger(part)) {
      throw new RangeError(`Cannot derive a seed: parts must be integers, received ${part}`);
    }
    h = mix(h ^ mix(part >>> 0));
    h = mix(h + 0x9e3779b9 + (Math.floor(part / 4294967296) >>> 0));
  }
  return h;
}

/** Where a stream of {@linkcode Random} is: plain data, which JSON keeps to the last bit. */
export interface RandomState {
  /** The four words of sfc32, integers in [0, 2^32). */
  readonly words: readonly [number, number, number, number];
  /** The second number of a pair of normal ones, where only the first was drawn; else `null`. */
  readonly spare: number | null;
}

/** Where {@linkcode Random.normal} takes its pair from. */
const PAIR = new Float64Array(2);

/**
 * A seeded generator: sfc32 (Doty-Humphrey, PractRand), period at least 2^32.
 *
 * @example Go on where another stream is
 * ```ts
 * import { Random } from "@mddes/mddes/evolution";
 *
 * const random = new Random(7);
 * random.normal();
 * const text = JSON.stringify(random.state);
 * const same = Random.from(JSON.parse(text));
 * if (same.normal() !== random.normal()) throw new Error("another stream");
 * ```
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare: number | undefined;

  /**
   * Start a stream.
   *
   * @param seed An integer, such as {@linkcode deriveSeed} returns.
   * @throws {RangeError} If the seed is not a safe integer.
   */
  constructor(seed: number) {
    this.#a = deriveSeed(seed, 1);
    this.#b = deriveSeed(seed, 2);
    this.#c = deriveSeed(seed, 3);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /**
   * A stream that goes on where another one was.
   *
   * @param state What {@linkcode Random.state} of the other one gave.
   * @throws {TypeError} If it is not such a state.
   */
  static from(state: RandomState): Random {
    requireState(state);
    const random = new Random(0);
    [random.#a, random.#b, random.#c, random.#counter] = state.words;
    random.#spare = state.spare ?? undefined;
    return random;
  }

  /** Where the stream is now. */
  get state(): RandomState {
    return {
      words: [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#counter >>> 0],
      spare: this.#spare ?? null,
    };
  }

  /** An integer in [0, 2^32). */
  uint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + t) | 0;
    return t >>> 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** A number with the standard normal distribution (Marsaglia's polar method). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    this.#normalPair(PAIR, 0);
    this.#spare = PAIR[1]!;
    return PAIR[0]!;
  }

  /** Fills `out` with what as many calls of {@linkcode Random.normal} would give, in half the time. */
  fillNormal(out: Float64Array): void {
    let at = 0;
    if (this.#spare !== undefined && out.length > 0) out[at++] = this.normal();
    for (; at + 1 < out.length; at += 2) this.#normalPair(out, at);
    if (at < out.length) out[at] = this.normal();
  }

  #normalPair(out: Float64Array, at: number): void {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        out[at] = u * scale;
        out[at + 1] = v * scale;
        return;
      }
    }
  }

  /**
   * An integer in [0, limit), each equally likely.
   *
   * @throws {RangeError} If `limit` is not an integer in [1, 2^32].
   */
  integer(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 4294967296) {
      throw new RangeError(
        `Cannot draw an integer: the limit must be in 1..2^32, received ${limit}`,
      );
    }
    const fair = 4294967296 - (4294967296 % limit);
    let draw = this.uint32();
    while (draw >= fair) draw = this.uint32();
    return draw % limit;
  }

  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T extends { length: number; [index: number]: number }>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = values[i]!;
      values[i] = values[j]!;
      values[j] = held;
    }
    return values;
  }
}

/** @throws {TypeError} If something is not a {@linkcode RandomState}. */
function requireState(state: unknown): asserts state is RandomState {
  const { words, spare } = (state ?? {}) as Partial<RandomState>;
  const isWord = (word: unknown) => Number.isInteger(word) && word === (word as number) >>> 0;
  const whole = Array.isArray(words) && words.length === 4 && words.every(isWord) &&
    (spare === null || Number.isFinite(spare));
  if (whole) return;
  throw new TypeError(
    "Cannot restore a stream: expected four words of 32 bits and a spare number or null, " +
      `received ${JSON.stringify(state)}`,
  );
}
