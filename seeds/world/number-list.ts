const PIECE = 8_192;

/** Numbers, as many as come, in pieces of a fixed size: growing copies nothing, and no number is an object. */
export interface NumberList {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
}

/** Whole numbers of 32 bits. */
export function listOfIntegers(): NumberList {
  return listOf(() => new Int32Array(PIECE));
}

export function listOfInstants(): NumberList {
  return listOf(() => new Float64Array(PIECE));
}

function listOf(makePiece: () => Int32Array | Float64Array): NumberList {
  const pieces: (Int32Array | Float64Array)[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    push: (value) => {
      const within = length % PIECE;
      if (within === 0) pieces.push(makePiece());
      (pieces[pieces.length - 1] as Int32Array)[within] = value;
      length++;
    },
    at: (index) => (pieces[Math.floor(index / PIECE)] as Int32Array)[index % PIECE] as number,
  };
}
