/**
 * Class-wise CMA-ES as a strategy: a distribution for each block of coordinates, which is told what its
 * block is worth by itself, and more and more of what the whole is worth.
 *
 * The pixels of a class are a block, and the images of the class say what they are worth. A candidate
 * is one draw of every block, so that each evaluation tells all of them something, and each has only
 * few coordinates to learn: cooperative coevolution (Potter and De Jong, PPSN 1994), with the credit
 * measured instead of shared.
 *
 * @module
 */
import {
  type Candidate,
  defaultPopulationSize,
  type Staleness,
  type State,
} from "../evolution/mod.ts";
import type { Random } from "../random.ts";
import { cmaEs } from "./cma_es.ts";
import type { Draw, Start, Strategy, Told } from "./strategy.ts";

/** A distribution for each block, all of the same version. Plain data. */
export interface ClassWiseState {
  readonly blocks: readonly Block[];
}

/** The coordinates of a block, and their distribution. */
interface Block {
  /** Positions in a point. */
  readonly coordinates: readonly number[];
  readonly cmaEs: State;
}

/** A point, and the draw of each block that it is made of. */
export interface ClassWiseDraw extends Draw {
  readonly blocks: readonly Candidate[];
}

/** One CMA-ES for each block. Where nothing says what the blocks are, there is no first state. */
export const classWise: Strategy<ClassWiseState, ClassWiseDraw> = {
  learnsByBlock: true,
  create(start, first) {
    const { blocks } = start;
    if (!blocks) {
      throw new TypeError("Cannot use strategy class-wise: it needs an objective that has classes");
    }
    const populationSize = start.populationSize ?? defaultPopulationSize(blocks.length);
    const names = [...new Set(blocks)].sort((a, b) => a - b);
    return {
      blocks: names.map((name, index) => {
        const coordinates = blocks.flatMap((block, i) => block === name ? [i] : []);
        const part = { ...partOf(start, coordinates), populationSize };
        return { coordinates, cmaEs: cmaEs.create(part, first?.blocks[index]) };
      }),
    };
  },
  populationSize: ({ blocks }) => cmaEs.populationSize(blocks[0]!.cmaEs),
  ask({ blocks }, random: Random, serial: number) {
    const draws = blocks.map((block) => cmaEs.ask(block.cmaEs, random, serial));
    return {
      x: joined(blocks, draws.map(({ x }) => x)),
      version: draws[0]!.version,
      blocks: draws,
    };
  },
  tell: ({ blocks }, results) => ({
    blocks: blocks.map((block, index) => ({
      ...block,
      cmaEs: cmaEs.tell(block.cmaEs, results.map((result) => ofBlock(block, result, index))),
    })),
  }),
  tellOne({ blocks }, result, staleness: Staleness) {
    const told = blocks.map((block, index) =>
      cmaEs.tellOne!(block.cmaEs, ofBlock(block, result, index), staleness)
    );
    const { counts, updated } = told[0]!;
    return {
      state: { blocks: blocks.map((block, index) => ({ ...block, cmaEs: told[index]!.state })) },
      counts,
      updated,
    };
  },
  show({ blocks }) {
    const shown = blocks.map((block) => cmaEs.show(block.cmaEs));
    return {
      sigma: Math.exp(
        shown.reduce((sum, { sigma }) => sum + Math.log(sigma), 0) / shown.length,
      ),
      axisRatio: Math.max(...shown.map(({ axisRatio }) => axisRatio)),
      mean: joined(blocks, shown.map(({ mean }) => mean!)),
    };
  },
  converged({ blocks }) {
    const [first, ...others] = blocks.map((block) => cmaEs.converged!(block.cmaEs));
    return Object.fromEntries(
      Object.entries(first!).filter(([name]) => others.every((met) => name in met)),
    );
  },
};

function partOf(
  { mean, bounds, integers, sigma, seed }: Start,
  coordinates: readonly number[],
): Start {
  const of = <T>(values: readonly T[]) => coordinates.map((at) => values[at]!);
  return {
    mean: of(mean),
    bounds: { lower: of(bounds.lower), upper: of(bounds.upper) },
    ...(integers && { integers: of(integers) }),
    sigma,
    seed,
  };
}

/**
 * What a result says of a block: its own share, and with each generation more of the whole. At first
 * each class learns quickly what harms it. But the classes compete: an image without its pixel has to
 * be taken for something, and the most harm is done where all are taken for one class, whose own share
 * is then low. So in the end all blocks want the same. Results that are ranked together, of whatever
 * age, are told alike, and those of all generations on one scale.
 */
function ofBlock(
  { cmaEs: { version } }: Block,
  { blocks, fitness, shares }: Told<ClassWiseDraw>,
  index: number,
): Told<Candidate> {
  const whole = version / (version + 1);
  return { ...blocks[index]!, fitness: (1 - whole) * (shares?.[index] ?? 0) + whole * fitness };
}

/** A point of the whole space out of one of each block. */
function joined(blocks: readonly Block[], parts: readonly (readonly number[])[]): number[] {
  const length = blocks.reduce((sum, { coordinates }) => sum + coordinates.length, 0);
  const point = new Array<number>(length).fill(0);
  blocks.forEach(({ coordinates }, index) => {
    for (const [i, at] of coordinates.entries()) point[at] = parts[index]![i]!;
  });
  return point;
}
