/** The test functions of the evaluations table; every one has its minimum 0 where it says. */

type Objective = (x: readonly number[]) => number;

function sum(x: readonly number[], term: (value: number, i: number) => number): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += term(x[i]!, i);
  return total;
}

/** The same over pairs of neighbours. */
function sumPairs(x: readonly number[], term: (value: number, next: number) => number): number {
  let total = 0;
  for (let i = 0; i + 1 < x.length; i++) total += term(x[i]!, x[i + 1]!);
  return total;
}

const sphere: Objective = (x) => sum(x, (v) => v * v);

const ellipsoid: Objective = (x) => sum(x, (v, i) => 10 ** (6 * i / (x.length - 1)) * v * v);

/** The ellipsoid moved so that its constrained minimum on [0, 3] is the corner 0, with value 0. */
const shiftedEllipsoid: Objective = (x) =>
  ellipsoid(x.map((v) => v + 0.5)) - ellipsoid(x.map(() => 0.5));

export const functions: Readonly<Record<string, Objective>> = {
  sphere,
  ellipsoid,
  cigar: (x) => 1e6 * sphere(x) - (1e6 - 1) * x[0]! ** 2,
  tablet: (x) => sphere(x) + (1e6 - 1) * x[0]! ** 2,
  rosenbrock: (x) => sumPairs(x, (v, next) => 100 * (next - v * v) ** 2 + (1 - v) ** 2),
  rastrigin: (x) => 10 * x.length + sum(x, (v) => v * v - 10 * Math.cos(2 * Math.PI * v)),
  ackley: (x) =>
    20 - 20 * Math.exp(-0.2 * Math.sqrt(sphere(x) / x.length)) +
    Math.E - Math.exp(sum(x, (v) => Math.cos(2 * Math.PI * v)) / x.length),
  schaffer: (x) =>
    sumPairs(x, (v, next) => {
      const s = v * v + next * next;
      return s ** 0.25 * (Math.sin(50 * s ** 0.1) ** 2 + 1);
    }),
  "step-ellipsoid": (x) =>
    sum(x, (v, i) => 10 ** (2 * i / (x.length - 1)) * Math.floor(Math.abs(v) + 0.5) ** 2),
  "sphere-bounded": sphere,
  "ellipsoid-shifted-bounded": shiftedEllipsoid,
};
