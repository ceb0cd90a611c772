/** Builds the funnel's machine if what it is made of has changed: what tests need besides the sources. */
import { build } from './build.mjs';

export const setup = () => build({ only: 'funnel', strict: true });
