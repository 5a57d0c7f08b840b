/** What server and gateway say of themselves in plain English, as keys of the texts; the unknown is shown as it is. */
import type { Check } from '@lantai/contracts'

export interface SaidPart {
  /** Key of the setup texts, or null: then `text` is shown. */
  readonly key: string | null
  readonly text: string
  readonly values: Readonly<Record<string, string>>
}

type Rule = readonly [pattern: RegExp, key: string, names: readonly string[]]

const checkRules: Readonly<Partial<Record<Check['id'], readonly Rule[]>>> = {
  timescale: [[/^plain PostgreSQL$/, 'said.timescale.plain', []]],
  disk: [[/^([\d.]+) GiB free, (\d+) %$/, 'said.disk.free', ['gib', 'share']]],
  durability: [
    [/^PostgreSQL (\S+) is (\S+), must be (\S+)$/, 'said.durability', ['name', 'is', 'must']],
  ],
  broker: [
    [/^not connected$/, 'said.broker.down', []],
    [/^connected, but nothing comes through$/, 'said.broker.silent', []],
  ],
  gateways: [
    [/^none was ever heard$/, 'said.gateways.never', []],
    [/^held: (.+)$/, 'said.gateways.held', ['names']],
    [/^silent: (.+)$/, 'said.gateways.silent', ['names']],
  ],
  clocks: [
    [/^(\S+): suspect$/, 'said.clocks.suspect', ['gateway']],
    [/^(\S+): unsynced$/, 'said.clocks.unsynced', ['gateway']],
  ],
  contracts: [
    [/^(\S+): older$/, 'said.contracts.older', ['gateway']],
    [/^(\S+): newer$/, 'said.contracts.newer', ['gateway']],
    [/^(\S+): too-old$/, 'said.contracts.tooOld', ['gateway']],
    [/^(\S+): too-new$/, 'said.contracts.tooNew', ['gateway']],
  ],
  configs: [
    [/^(\S+): waiting$/, 'said.configs.waiting', ['gateway']],
    [/^(\S+): rejected$/, 'said.configs.rejected', ['gateway']],
    [/^(\S+): other$/, 'said.configs.other', ['gateway']],
  ],
  ledger: [
    [
      /^the tree of (\d+) entries does not have the root that was signed$/,
      'said.ledger.root',
      ['n'],
    ],
    [/^entry (\d+) is not what was hashed$/, 'said.ledger.entry', ['n']],
    [/^node (\S+) of the tree was changed$/, 'said.ledger.node', ['node']],
    [/^the (?:kept|newest) checkpoint: (.+)$/, 'said.ledger.checkpoint', ['why']],
    [
      /^witness (\S+) has (\d+) entries, the database has (\d+)$/,
      'said.ledger.witnessMore',
      ['witness', 'n', 'here'],
    ],
    [
      /^witness (\S+) has another root at size (\d+)$/,
      'said.ledger.witnessOther',
      ['witness', 'n'],
    ],
    [
      /^the kept checkpoint has (\d+) entries, the database has (\d+)$/,
      'said.ledger.keptMore',
      ['n', 'here'],
    ],
    [/^the kept checkpoint has another root at size (\d+)$/, 'said.ledger.keptOther', ['n']],
  ],
  witness: [
    [/^nothing recorded yet$/, 'said.witness.nothing', []],
    [/^not anchored$/, 'said.witness.none', []],
    [/^(\S+): (\d+) of (\d+)$/, 'said.witness.upTo', ['gateway', 'n', 'all']],
  ],
  quarantine: [[/^(\d+)$/, 'said.quarantine', ['n']]],
}

/** Checks whose detail is a list. */
const separators: Readonly<Partial<Record<Check['id'], RegExp>>> = {
  durability: /; /,
  clocks: /, /,
  contracts: /, /,
  configs: /, /,
}

const deviceRules: readonly Rule[] = [
  [/^(?:connect )?ECONNREFUSED\b/, 'said.device.refused', []],
  [
    /^(?:connect )?(?:EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EHOSTDOWN)\b/,
    'said.device.unreachable',
    [],
  ],
  [/^(?:read )?ECONNRESET\b|^the peer closed the connection$/, 'said.device.closed', []],
  [/\bENOENT\b|\bno such file\b/i, 'said.device.noPort', []],
  [/^the serial port was closed$/, 'said.device.portClosed', []],
  [/^no unit on the line answers$/, 'said.device.noUnit', []],
  [/^(\d+) of (\d+) sensors silent$/, 'said.device.someSilent', ['n', 'all']],
  [/^reader held by another client$/, 'said.device.held', []],
  [/^antenna (.+) disconnected$/, 'said.device.antenna', ['names']],
  [/^20 or more bad frames within a minute$/, 'said.device.badFrames', []],
  [/^(?:not connected|connection failed|failed|finished)$/, 'said.device.lost', []],
]

function partOf(rules: readonly Rule[], text: string): SaidPart {
  for (const [pattern, key, names] of rules) {
    const found = pattern.exec(text)
    if (found) {
      const values = Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? '']))
      return { key, text, values }
    }
  }
  return { key: null, text, values: {} }
}

/** `gw-01: suspect, gw-02: unsynced` → two parts; a detail without a rule is one part that says itself. */
export function checkParts(id: Check['id'], detail: string): SaidPart[] {
  const separator = separators[id]
  const texts = separator ? detail.split(separator) : [detail]
  return texts.map((text) => partOf(checkRules[id] ?? [], text))
}

/** Why a device is not well, as its driver says. */
export const devicePart = (detail: string): SaidPart => partOf(deviceRules, detail)
