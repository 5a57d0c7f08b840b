import { most } from './math.ts'
import { numbers } from './scratch.ts'

/** What ln weights weigh, each and together: the greatest weight is one, and e^top in truth. */
export interface Weights {
  weight: Float64Array
  all: number
  top: number
}

export function weightsOf(ln: Float64Array): Weights {
  const top = most(ln)
  const weight = numbers(ln.length)
  let all = 0
  for (let g = 0; g < ln.length; g++) {
    const w = Math.exp((ln[g] as number) - top)
    weight[g] = w
    all += w
  }
  return { weight, all, top }
}

/** ln of the mean weight. */
export const lnMass = ({ weight, all, top }: Weights): number => top + Math.log(all / weight.length)
