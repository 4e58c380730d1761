import { squareOf } from "own-name";

export const evaluate = (x: readonly number[]): number =>
  x.reduce((sum, each) => sum + squareOf(each), 0);
