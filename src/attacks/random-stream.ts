/** Seeded random numbers for attacks: a stream of its own for each image and each restart, so that
 *  what one image draws depends neither on its batch nor on how often others were attacked. */

/** Uniform numbers in [0, 1), of 32 bits each. */
export type RandomStream = () => number;

/** The stream of one restart of one image; the three are whole numbers. `image` is its place in the
 *  whole input. The generator is sfc32 of PractRand (Doty-Humphrey): 96 bits of state take the three
 *  numbers as they are, and a counter makes every stream at least 2³² long. */
export function randomStream(seed: number, image: number, restart = 0): RandomStream {
  let [a, b, c, counter] = [seed | 0, image | 0, restart | 0, 1];
  const next = (): number => {
    const word = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    return (word >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < WARM_UP; round++) next();
  return next;
}

/** Fills `values` with standard normal numbers (Box and Muller). */
export function fillNormal(values: Float32Array, next: RandomStream): void {
  for (let k = 0; k < values.length; k += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    values[k] = radius * Math.cos(angle);
    if (k + 1 < values.length) values[k + 1] = radius * Math.sin(angle);
  }
}

/** Rounds after which the seeds have reached every bit. */
const WARM_UP = 15;
