/**
 * The presets of the paper's experiments, by the names that `--preset` takes.
 *
 * @module
 */
import { color } from "./color.ts";
import { paper } from "./paper.ts";
import type { ExperimentPreset } from "./preset.ts";
import { small } from "./small.ts";
import { smoke } from "./smoke.ts";

export type { ExperimentPreset, Preset, PresetTraining } from "./preset.ts";

export const PRESETS = { smoke, small, color, paper } satisfies Record<string, ExperimentPreset>;
