/** What this program's import map says of names that the package uses, too. */
export const squareOf = (x: number): number => x * x;
