/** The largest numbers of both signs, 0 and numbers that are almost 0. */
export function evaluate([x]: readonly number[]): number {
  const values = [1.7e308, Number.MAX_VALUE, -1.7e308, 0, 5e-324, 1.7e308, 1.6e308];
  return values[Math.floor(Math.abs(x! * 1e6)) % values.length]!;
}
