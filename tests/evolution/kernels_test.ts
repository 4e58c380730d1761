import { assertEquals } from "@std/assert";
import { kernels, padded, workspace } from "../../evolution/kernels.ts";
import { Random } from "../../evolution/mod.ts";

/** Where things lie, counted in numbers: rows are 32 apart. */
const [stride, first, second, third] = [32, 1000, 1100, 1200];

/** The memory full of random numbers, and a copy that the plain loops work on. */
function filled(seed: number): [Float64Array, Float64Array] {
  const random = new Random(seed);
  const memory = workspace(4096);
  for (let i = 0; i < 4096; i++) memory[i] = random.normal();
  return [memory, memory.slice()];
}

for (const n of [1, 2, 3, 4, 5, 8, 9, 17, 32]) {
  Deno.test(`${n} columns: sums of rows are those of a plain loop to the last bit`, () => {
    const [memory, plain] = filled(n);
    const terms = 7;
    kernels.combine(
      8 * first,
      8 * (first + padded(n)),
      0,
      8 * stride,
      8 * second,
      8 * (second + terms),
    );
    for (let t = 0; t < terms; t++) {
      for (let j = 0; j < n; j++) plain[first + j]! += plain[second + t]! * plain[t * stride + j]!;
    }
    assertEquals(memory.slice(first, first + n), plain.slice(first, first + n));
  });

  Deno.test(`${n} columns: so is an update of rank two`, () => {
    const [memory, plain] = filled(n);
    const [d, u] = [first, second];
    kernels.rankTwo(0, 32 * Math.ceil(n / 4), 8 * d, 8 * u, 8 * (u + n), 8 * (d + n));
    for (let k = 0; k < n; k++) {
      plain[k]! -= plain[u + n]! * plain[d + k]! + plain[d + n]! * plain[u + k]!;
    }
    assertEquals(memory.slice(0, n), plain.slice(0, n));
  });

  Deno.test(`${n} columns: so are products of four rows with a vector, and back`, () => {
    const [memory, plain] = filled(n);
    const [d, u, sums] = [first, second, third];
    const even = n + n % 2;
    kernels.multiplyFour(0, 8 * even, 8 * stride, 8 * u, 8 * d, 8 * (u + n), 8 * sums);
    plain.fill(0, sums, sums + 4);
    for (let r = 0; r < 4; r++) {
      for (let k = 0; k < even; k++) {
        plain[sums + r]! += plain[r * stride + k]! * plain[u + k]!;
        plain[d + k]! += plain[r * stride + k]! * plain[u + n + r]!;
      }
    }
    assertEquals(memory.slice(0, 1300), plain.slice(0, 1300));
  });

  Deno.test(`${n} columns: so are reflections of four rows`, () => {
    const [memory, plain] = filled(n);
    const [u, h] = [first, second];
    const even = n + n % 2;
    kernels.reflectFour(0, 8 * even, 8 * stride, 8 * u, 8 * h);
    for (let r = 0; r < 4; r++) {
      let sum = 0;
      for (let k = 0; k < even; k++) sum += plain[r * stride + k]! * plain[u + k]!;
      sum /= plain[h]!;
      for (let k = 0; k < even; k++) plain[r * stride + k]! -= sum * plain[u + k]!;
    }
    assertEquals(memory.slice(0, 200), plain.slice(0, 200));
  });

  Deno.test(`${n} rotations of rows are those of a plain loop to the last bit`, () => {
    const [memory, plain] = filled(n);
    const rotations = first;
    kernels.rotate(8 * 8 * n, 8 * rotations, 8 * (rotations + 2 * n));
    for (let i = n - 1, at = rotations; i >= 0; i--, at += 2) {
      const [c, s] = [plain[at]!, plain[at + 1]!];
      for (let k = 0; k < 8; k++) {
        const [x, y] = [plain[8 * (i + 1) + k]!, plain[8 * i + k]!];
        plain[8 * (i + 1) + k] = s * y + c * x;
        plain[8 * i + k] = c * y - s * x;
      }
    }
    assertEquals(memory.slice(0, 400), plain.slice(0, 400));
  });
}
