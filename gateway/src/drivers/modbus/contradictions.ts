import { quantities } from '@lantai/contracts'
import { type Point, type Profile, widthOf } from './profile.ts'

type Block = Profile['blocks'][number]

const mostRegisters = 125
const isBits = (block: Block) => block.fc <= 2

/** What no schema can say about a profile. Pure; every complaint is one sentence. */
export function contradictions(profile: Profile): string[] {
  const { blocks, points } = profile
  return [
    ...(profile.rtu || profile.tcp ? [] : ['neither rtu nor tcp is there']),
    ...(isRepeated(blocks.map((b) => b.name)) ? ['two blocks share a name'] : []),
    ...(isRepeated(points.map((p) => p.key)) ? ['two points share a key'] : []),
    ...blocks.flatMap((b) => ofBlock(profile, b).map((why) => `block ${b.name} ${why}`)),
    ...points.flatMap((p) => ofPoint(profile, p).map((why) => `point ${p.key} ${why}`)),
  ]
}

const isRepeated = (names: string[]) => new Set(names).size < names.length

function ofBlock(profile: Profile, block: Block): string[] {
  if (block.count === 'columns')
    return profile.serves === 'shelving' ? [] : ['has columns, which only shelving has']
  const wrong: string[] = []
  if (!isBits(block) && block.count > mostRegisters)
    wrong.push(`has more than ${mostRegisters} registers`)
  if (block.address + block.count > 0x1_0000) wrong.push('goes beyond the last address')
  return wrong
}

function ofPoint(profile: Profile, point: Point): string[] {
  const block = profile.blocks.find((b) => b.name === point.block)
  const wrong = [
    ...ofType(point),
    ...(block ? ofPlace(point, block) : [`has no block ${point.block}`]),
  ]
  const [low, high] = point.plausible ?? []
  if (low !== undefined && high !== undefined && low > high)
    wrong.push('has plausible limits that are crossed')
  if (profile.serves === 'air' && !(quantities as readonly string[]).includes(point.key))
    wrong.push(`is no quantity: ${quantities.join(', ')}`)
  return [...wrong, ...ofState(profile, point)]
}

function ofPlace(point: Point, block: Block): string[] {
  const wrong: string[] = []
  if (block.count !== 'columns' && point.at + widthOf(point.type) > block.count)
    wrong.push(`lies outside block ${block.name}`)
  if (isBits(block) && (point.type !== 'bit' || point.bit !== undefined))
    wrong.push(`must be a plain bit in block ${block.name} of bits`)
  if (!isBits(block) && point.type === 'bit' && point.bit === undefined)
    wrong.push('does not say which bit of the register')
  return wrong
}

function ofType(point: Point): string[] {
  const wrong: string[] = []
  if (point.order && point.order.length !== widthOf(point.type) * 2)
    wrong.push(`has order ${point.order} that does not fit ${point.type}`)
  if (point.type !== 'bit') {
    if (point.bit !== undefined) wrong.push(`has a bit and is ${point.type}`)
    if (point.activeLow !== undefined) wrong.push(`has activeLow and is ${point.type}`)
    return wrong
  }
  for (const field of ['order', 'scale', 'sentinel', 'plausible', 'enum', 'activeFrom'] as const)
    if (point[field] !== undefined) wrong.push(`has ${field} and is a bit`)
  return wrong
}

/** A contact is on or off: a bit, or a number with one rule that makes it so. */
function ofState(profile: Profile, point: Point): string[] {
  const rules = [point.enum, point.activeFrom].filter((rule) => rule !== undefined).length
  if (profile.serves !== 'contacts')
    return rules > 0 ? ['has enum or activeFrom, which only contacts have'] : []
  if (point.type === 'bit' || rules === 1) return []
  return [rules === 0 ? 'needs enum or activeFrom' : 'has both enum and activeFrom']
}
