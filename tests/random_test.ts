import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { deriveSeed, Random, type RandomState } from "../random.ts";

Deno.test("the same seed gives the same draws, another seed others", () => {
  const draw = (seed: number) => {
    const random = new Random(seed);
    return [random.uint32(), random.uniform(), random.normal(), random.normal(), random.integer(9)];
  };
  assertEquals(draw(7), draw(7));
  assertNotEquals(draw(7), draw(8));
});

Deno.test("derived seeds depend on every part and on their order", () => {
  const seeds = new Set<number>();
  for (let a = 0; a < 40; a++) for (let b = 0; b < 40; b++) seeds.add(deriveSeed(a, b));
  assertEquals(seeds.size, 1600);
  assertNotEquals(deriveSeed(1, 2), deriveSeed(2, 1));
  assertNotEquals(deriveSeed(1), deriveSeed(1 + 2 ** 32));
});

Deno.test("normal draws have mean 0, variance 1 and a kurtosis of 3", () => {
  const random = new Random(1);
  const n = 200_000;
  let sum = 0, squares = 0, fourth = 0;
  for (let i = 0; i < n; i++) {
    const z = random.normal();
    sum += z;
    squares += z * z;
    fourth += z ** 4;
  }
  assertAlmostEquals(sum / n, 0, 0.01);
  assertAlmostEquals(squares / n, 1, 0.02);
  assertAlmostEquals(fourth / n, 3, 0.1);
});

Deno.test("normal draws are the same one by one and many at once", () => {
  const [one, many] = [new Random(4), new Random(4)];
  for (const count of [3, 4, 0, 1, 5, 2]) {
    const drawn = new Float64Array(count);
    many.fillNormal(drawn);
    assertEquals([...drawn], Array.from({ length: count }, () => one.normal()));
    assertEquals(many.state, one.state);
  }
});

Deno.test("integers are uniform and stay below the limit", () => {
  const random = new Random(3);
  const counts = new Float64Array(10);
  for (let i = 0; i < 100_000; i++) counts[random.integer(10)]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert(chiSquare < 27.9, `chi-square ${chiSquare} is above the 0.1 % point for 9 degrees`);
  for (const limit of [0, -1, 1.5, 2 ** 33, NaN]) {
    assertThrows(() => random.integer(limit), RangeError, "1..2^32");
  }
});

Deno.test("a shuffle is a permutation", () => {
  const values = new Random(5).shuffle(Uint32Array.from({ length: 100 }, (_, i) => i));
  assertNotEquals([...values], [...values].sort((a, b) => a - b));
  assertEquals([...values].sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i));
});

Deno.test("a seed that is no integer is refused", () => {
  assertThrows(() => new Random(0.5), RangeError, "received 0.5");
  assertThrows(() => deriveSeed(1, NaN), RangeError, "received NaN");
});

Deno.test("a restored stream goes on with the same draws, whatever was drawn before", () => {
  const draws = (random: Random) => [
    random.normal(),
    random.uint32(),
    random.uniform(),
    random.integer(9),
    random.normal(),
    ...random.shuffle([1, 2, 3, 4, 5]),
  ];
  for (let before = 0; before < 8; before++) {
    const random = new Random(before);
    for (let i = 0; i < before; i++) i % 3 === 2 ? random.integer(5) : random.normal();
    const { state } = random;
    const restored = Random.from(JSON.parse(JSON.stringify(state)));
    assertEquals(restored.state, state);
    const expected = draws(random);
    assertEquals(draws(restored), expected);
    assertEquals(draws(Random.from(state)), expected);
  }
});

Deno.test("a state that no stream can have is refused", () => {
  const { words } = new Random(1).state;
  const wrong: unknown[] = [
    null,
    7,
    {},
    { words, spare: "0" },
    { words },
    { words: words.slice(1), spare: null },
    { words: [...words, 1], spare: null },
    { words: [...words.slice(1), -1], spare: null },
    { words: [...words.slice(1), 2 ** 32], spare: null },
    { words: [...words.slice(1), 0.5], spare: null },
    { words, spare: Infinity },
  ];
  for (const state of wrong) {
    assertThrows(() => Random.from(state as RandomState), TypeError, "Cannot restore a stream");
  }
});
