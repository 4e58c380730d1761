import type { Term } from "@mddes/mddes";
import { squareOf } from "own-name";

export const term: Term = ({ classes }) => squareOf(classes.length);
