/**
 * What the locator is given and what it owes (locating 1 and 7): the lines of `npm run locate`, and the same values
 * inside the gateway. Lengths are millimetres of the rail: x along the face from left to right as seen from the aisle,
 * up from the floor, towards the shelf. Times are whole microseconds of one clock.
 */
import { type Static, Type } from 'typebox'
import { reasonPattern } from './free-text.ts'
import { Closed, Nullable, OneOf } from './schema.ts'
import { unstorableCharacters } from './storable-text.ts'

const Mm = Type.Number()
const Micros = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** Hex of 4 to 496 bits; compared without regard to case, printed as it came. */
const EpcHex = Type.String({ pattern: '^(?:[0-9A-Fa-f]{4}){1,31}$' })
const ShelfName = Type.String({ minLength: 1, maxLength: 80 })
const Antenna = Type.Integer({ minimum: 0, maximum: 65_535 })

/** One read of one tag on the walk. */
export const WalkRead = Closed({
  at: Micros,
  epc: EpcHex,
  antenna: Antenna,
  channelMHz: Type.Number({ minimum: 100, maximum: 6000 }),
  /** Radians from 0 to 2π (as people round it), growing with distance; null where the reader gives none. */
  phaseRad: Nullable(Type.Number({ minimum: 0, maximum: 6.2832 })),
  rssiDbm: Type.Number({ minimum: -150, maximum: 30 }),
})
export type WalkRead = Static<typeof WalkRead>

/** Where the cart was by its odometer. A jump back along x, or a pause of many seconds, begins another pass. */
export const Pose = Closed({ at: Micros, xMm: Mm })
export type Pose = Static<typeof Pose>

/** `offsetMm` is [along, up, towardsShelf] from the point of the cart whose x the poses give; up is from the floor. */
export const CartAntenna = Closed({
  antenna: Antenna,
  offsetMm: Type.Tuple([Mm, Mm, Mm]),
})
export type CartAntenna = Static<typeof CartAntenna>

/** One board. `depthMm` is from the antennas' rail to the plane of the tags; null is unknown, as are the ends. */
export const WalkShelf = Closed({
  shelf: ShelfName,
  /** Of the tags on it, above the floor. */
  heightMm: Mm,
  depthMm: Nullable(Type.Number({ exclusiveMinimum: 0 })),
  fromMm: Nullable(Mm),
  toMm: Nullable(Mm),
})
export type WalkShelf = Static<typeof WalkShelf>

/** What the catalogue says stands there. Ranks count from the left, from 1. */
export const ExpectedBox = Closed({
  epc: EpcHex,
  shelf: ShelfName,
  rank: Type.Integer({ minimum: 1 }),
  thicknessMm: Type.Number({ exclusiveMinimum: 0 }),
})
export type ExpectedBox = Static<typeof ExpectedBox>

/** A shelf tag glued to the steel at a known x (层架标签). */
export const ReferenceTag = Closed({ epc: EpcHex, shelf: ShelfName, xMm: Mm })
export type ReferenceTag = Static<typeof ReferenceTag>

export const WalkScene = Closed({
  poses: Type.Array(Pose, { minItems: 2 }),
  antennas: Type.Array(CartAntenna, { minItems: 1 }),
  shelves: Type.Array(WalkShelf, { minItems: 1 }),
  /** null: there is no catalogue, so nothing is classed. Empty: nothing is expected, so everything is foreign. */
  expected: Nullable(Type.Array(ExpectedBox)),
  references: Type.Array(ReferenceTag),
})
export type WalkScene = Static<typeof WalkScene>

const { poses: _, ...frozen } = WalkScene.properties

/** What is frozen when a cart is started along a face: the scene without its poses, and words for people. */
export const FrozenScene = Closed({
  /** As people call it, `24A`. */
  face: Type.String({ minLength: 1, maxLength: 40, pattern: reasonPattern(unstorableCharacters) }),
  ...frozen,
  /** What is printed on the boxes, where it is known. */
  labels: Type.Optional(
    Type.Array(
      Closed({
        epc: EpcHex,
        label: Type.String({ minLength: 1, maxLength: 80, pattern: reasonPattern() }),
      }),
    ),
  ),
})
export type FrozenScene = Static<typeof FrozenScene>

/**
 * The five results (locating 7). `unread` is silence on a covered slot and says nothing more; `uncovered` says nothing
 * about the box at all. Missing is never said here: only a named person who has looked may say it.
 */
export const locatedClasses = ['found', 'misplaced', 'foreign', 'uncovered', 'unread'] as const
export const LocatedClass = OneOf(locatedClasses)
export type LocatedClass = Static<typeof LocatedClass>

/** One line of the answer, one for every tag that was read or expected; shelf tags have none. */
export const Located = Closed({
  epc: EpcHex,
  /** null: not read, or read, but from somewhere else than these shelves (another face, a trolley). */
  shelf: Nullable(ShelfName),
  xMm: Nullable(Mm),
  /** Standard deviation of `xMm`. */
  sigmaMm: Nullable(Type.Number({ minimum: 0 })),
  /** 1 is the smallest x on that shelf, among the tags that were read. */
  rank: Nullable(Type.Integer({ minimum: 1 })),
  /** null without a catalogue. */
  class: Nullable(LocatedClass),
  /** Probability that shelf and rank are both right; of a tag that was not read, 0. */
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
})
export type Located = Static<typeof Located>

/** Why a slot is not covered, in the order of locating 7 (a), (b), (c). */
export const uncoveredReasons = [
  'outside-track',
  'too-fast',
  'odometer-gap',
  'shelf-tag-unread',
  'too-few-reads',
] as const
export const UncoveredReason = OneOf(uncoveredReasons)
export type UncoveredReason = Static<typeof UncoveredReason>

/** The proof that a slot was, or was not, listened to; stored with the result. */
export const SlotProof = Closed({
  epc: EpcHex,
  shelf: ShelfName,
  rank: Type.Integer({ minimum: 1 }),
  xMm: Nullable(Mm),
  covered: Type.Boolean(),
  reason: Nullable(UncoveredReason),
  /** Reads of the nearest shelf tag on the left and on the right; null where there is none. */
  referenceReads: Type.Tuple([Nullable(Type.Integer()), Nullable(Type.Integer())]),
  /** Expected boxes of this shelf within half a metre, and how many of them were read. */
  neighbours: Closed({ expected: Type.Integer(), read: Type.Integer() }),
  /** Reads that a live tag there would have given, as a negative binomial of this mean and dispersion. */
  expectedReads: Type.Number({ minimum: 0 }),
  dispersion: Type.Number({ minimum: 0 }),
  /** Probability that a live tag there stayed silent. */
  silentProbability: Type.Number({ minimum: 0, maximum: 1 }),
})
export type SlotProof = Static<typeof SlotProof>

export const CoverageMap = Closed({
  /** What the track itself allows, for every shelf: stretches of x that were walked slowly enough. */
  tracks: Type.Array(Closed({ shelf: ShelfName, stretches: Type.Array(Type.Tuple([Mm, Mm])) })),
  slots: Type.Array(SlotProof),
})
export type CoverageMap = Static<typeof CoverageMap>
