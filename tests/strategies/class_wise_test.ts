import { assert, assertEquals, assertThrows } from "@std/assert";
import { meanOf } from "../../averages.ts";
import { deriveSeed, Random } from "../../random.ts";
import { classWise, type ClassWiseDraw, type ClassWiseState } from "../../strategies/class_wise.ts";
import { cmaEs } from "../../strategies/cma_es.ts";
import type { Draw, Start, Strategy, Told } from "../../strategies/mod.ts";

const BLOCKS = 10;
const OF_BLOCK = 3;
const N = BLOCKS * OF_BLOCK;

const start: Start = {
  mean: new Array<number>(N).fill(0.5),
  sigma: 0.3,
  bounds: { lower: new Array<number>(N).fill(0), upper: new Array<number>(N).fill(1) },
  blocks: Array.from({ length: N }, (_, i) => Math.floor(i / OF_BLOCK)),
  populationSize: 12,
  seed: 1,
};

const target = (i: number) => 0.1 + 0.8 * ((7 * i) % N) / N;

/** What each block is worth: its squared distance to where it should be. */
function sharesOf(x: readonly number[], blocks: readonly number[]): number[] {
  const shares = new Array<number>(BLOCKS).fill(0);
  x.forEach((value, i) => shares[blocks[i]!]! += (value - target(i)) ** 2);
  return shares;
}

/** A generation, drawn as a search draws it. */
function drawn<State, D extends Draw>(
  strategy: Strategy<State, D>,
  state: State,
  number: number,
): D[] {
  const population = strategy.populationSize(state);
  return Array.from({ length: population }, (_, candidate) =>
    strategy.ask(
      state,
      new Random(deriveSeed(1, number, candidate)),
      number * population + candidate,
    ));
}

function told<D extends Draw>(
  draws: readonly D[],
  blocks = start.blocks!,
  objective = sharesOf,
): Told<D>[] {
  return draws.map((draw) => {
    const shares = objective(draw.x, blocks);
    return { ...draw, fitness: meanOf(shares), shares };
  });
}

/** The median fitness of each generation. */
function mediansOf<State, D extends Draw>(
  strategy: Strategy<State, D>,
  generations: number,
  objective = sharesOf,
): number[] {
  let state = strategy.create(start);
  return Array.from({ length: generations }, (_, number) => {
    const results = told(drawn(strategy, state, number), start.blocks!, objective);
    state = strategy.tell(state, results);
    return results.map(({ fitness }) => fitness).sort((a, b) => a - b)[results.length >> 1]!;
  });
}

Deno.test("blocks that are told their own worth come as far in a third of the generations", () => {
  const apart = mediansOf(classWise, 10).at(-1)!;
  const together = mediansOf(cmaEs, 30).at(-1)!;
  assert(apart < together, `${apart} class by class, ${together} together`);
});

Deno.test("what a block gains and the others lose is given up in the end", () => {
  /** A block gains by a large first coordinate, and each of the others loses half of that. */
  const rivals = (x: readonly number[]) => {
    const firsts = Array.from({ length: BLOCKS }, (_, block) => x[block * OF_BLOCK]!);
    return firsts.map((own) => {
      const others = BLOCKS * meanOf(firsts) - own;
      return others / 2 - own;
    });
  };
  const medians = mediansOf(classWise, 60, rivals);
  const [first, worst, last] = [medians[0]!, Math.max(...medians), medians.at(-1)!];
  assert(worst > first && last < first / 4, `${first}, ${worst}, ${last}`);
});

Deno.test("each coordinate is drawn, shown and told where it stands, whatever the order", () => {
  const blocks = Array.from({ length: N }, (_, i) => i % BLOCKS);
  const mean = Array.from({ length: N }, (_, i) => 0.2 + 0.6 * i / N);
  const one: Start = { ...start, blocks, mean, sigma: 1e-6 };
  const state = classWise.create(one);
  const near = (x: readonly number[]) => x.every((value, i) => Math.abs(value - mean[i]!) < 1e-4);
  assert(near(classWise.show(state).mean!));
  const draws = drawn(classWise, state, 0);
  for (const { x } of draws) assert(near(x), `${x}`);
  const results = told(draws, blocks);
  const next = classWise.tell(state, results);
  // A block moves where its own best candidates are.
  for (let block = 0; block < BLOCKS; block++) {
    const ranked = results.toSorted((a, b) => a.shares![block]! - b.shares![block]!);
    const before = sharesOf(classWise.show(state).mean!, blocks)[block]!;
    assert(sharesOf(classWise.show(next).mean!, blocks)[block]! < before, `block ${block}`);
    assert(ranked[0]!.shares![block]! < ranked.at(-1)!.shares![block]!);
  }
});

Deno.test("the order of the results, and a way through JSON, change nothing", () => {
  let state: ClassWiseState = classWise.create(start);
  let other: ClassWiseState = state;
  for (let number = 0; number < 5; number++) {
    const results = told(drawn(classWise, state, number));
    state = classWise.tell(state, results);
    const again: Told<ClassWiseDraw>[] = JSON.parse(JSON.stringify(results.toReversed()));
    other = classWise.tell(JSON.parse(JSON.stringify(other)), again);
  }
  assertEquals(other, state);
});

Deno.test("single results of any age are learned from, and update all blocks at once", () => {
  let state = classWise.create(start);
  const old = told(drawn(classWise, state, 0));
  for (const result of old.slice(0, 11)) {
    const answer = classWise.tellOne!(state, result, { policy: "mix" });
    assertEquals([answer.counts, answer.updated], [true, false]);
    state = answer.state;
  }
  const last = classWise.tellOne!(state, old[11]!, { policy: "mix" });
  assertEquals([last.counts, last.updated], [true, true]);
  assertEquals(new Set(last.state.blocks.map(({ cmaEs }) => cmaEs.version)), new Set([1]));
  const late = classWise.tellOne!(last.state, told(drawn(classWise, state, 1))[0]!, {
    policy: "drop",
    maxAge: 0,
  });
  assertEquals([late.counts, late.updated], [false, false]);
});

Deno.test("what is ranked together counts by what it is worth, and not by its age", () => {
  const first = classWise.create(start);
  const all = drawn(classWise, first, 0);
  const old = told([...all, ...drawn(classWise, first, 1)]);
  const one = classWise.tell(first, old.slice(0, 12));
  const late = [...old.slice(12, 18), ...told(drawn(classWise, one, 1)).slice(6)];
  const meanAfter = (worth: (share: number) => number) => {
    let state = one;
    for (const result of late) {
      const fitness = worth(result.shares![0]!);
      state = classWise.tellOne!(state, { ...result, fitness }, { policy: "mix" }).state;
    }
    return classWise.show(state).mean!.slice(0, OF_BLOCK);
  };
  // The first block is told the same order, whether or not all say what it says.
  assertEquals(meanAfter((share) => share - 10), meanAfter(() => 0));
});

Deno.test("what blocks are told in different generations can be compared", () => {
  let state = classWise.create(start);
  for (let number = 0; number < 4; number++) {
    const same = drawn(classWise, state, number)
      .map((draw) => ({ ...draw, fitness: -2, shares: new Array<number>(BLOCKS).fill(-2) }));
    state = classWise.tell(state, same);
  }
  for (const { cmaEs } of state.blocks) assertEquals(cmaEs.best!.fitness, -2);
});

Deno.test("a candidate that failed is the worst for every block", () => {
  const state = classWise.create(start);
  const draws = drawn(classWise, state, 0);
  const results = told(draws);
  const bad: Told<ClassWiseDraw>[] = results.map((result, index) =>
    index < 4 ? { ...draws[index]!, fitness: Infinity } : result
  );
  const { blocks } = classWise.tell(state, bad);
  for (const { cmaEs } of blocks) assertEquals(cmaEs.failures, 4);
});

Deno.test("an objective without blocks is refused", () => {
  const { blocks: _, ...without } = start;
  assertThrows(() => classWise.create(without), TypeError, "needs an objective that has classes");
});

Deno.test("without a size a population is that of the whole space, not of a block", () => {
  const { populationSize: _, ...without } = start;
  assertEquals(classWise.populationSize(classWise.create(without)), 14);
});

Deno.test("it has converged where every block has", () => {
  const state = classWise.create(start);
  assertEquals(classWise.converged!(state), {});
  const tiny = classWise.create({ ...start, sigma: 1e-14 });
  const next = classWise.tell(tiny, told(drawn(classWise, tiny, 0)));
  assert("tolx" in classWise.converged!(next));
  const [first, ...others] = next.blocks;
  const moving = { ...first!, cmaEs: { ...first!.cmaEs, sigma: 0.3 } };
  assertEquals(classWise.converged!({ blocks: [...others, moving] })["tolx"], undefined);
});
