/** The part of `jstat` that this project uses. */
declare const jStat: {
  readonly studentt: {
    /** Probability of a value up to `t`, of Student's t distribution. */
    cdf(t: number, degreesOfFreedom: number): number;
  };
};
export default jStat;
