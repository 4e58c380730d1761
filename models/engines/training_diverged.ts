/**
 * A training step, or the evaluation after it, gave a loss that is not finite: this network cannot
 * be trained on.
 */
export class TrainingDiverged extends Error {
  /** The name of this class. */
  override readonly name = "TrainingDiverged";

  /**
   * Says where training stopped.
   *
   * @param step Steps since the parameters were drawn, from 0.
   * @param loss The loss, NaN or Infinity.
   */
  constructor(readonly step: number, readonly loss: number) {
    super(`Training diverged: the loss of step ${step} is ${loss}`);
  }
}
