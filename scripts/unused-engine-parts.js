/**
 * Stands in for two packages of the engine that only load migrations written in TypeScript or found by a glob
 * pattern. Ours are SQL files in one folder; without these the engine loads in half the time.
 */
const unused = (name) => () => {
  throw new Error(`${name} is not part of the bundled CLI`);
};

export const glob = unused('glob');
export const createJiti = () => ({ import: unused('jiti') });
