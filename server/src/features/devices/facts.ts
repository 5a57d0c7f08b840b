import type { Effect } from '../../ingest/effect.ts'

/** A device list was judged at a gateway: on record with who wanted it and why (rule L1). */
export async function applyConfigChanges(effect: Effect<'lantai.config.v1'>): Promise<void> {
  for (const { at, seq, body } of effect.items) {
    const contacts =
      body.withoutContacts.length > 0 ? [`without ${body.withoutContacts.join(', ')}`] : []
    effect.ledger.add({
      event: `config.${body.state}`,
      at,
      actor: { name: body.by },
      outcome: 'observed',
      detail: [`version ${body.version}`, body.reason, ...contacts, ...body.errors]
        .join(' · ')
        .slice(0, 400),
      object: {
        gateway: effect.gateway,
        seq,
        version: body.version,
        sha256: body.sha256,
        added: body.added.join(' '),
        changed: body.changed.join(' '),
        removed: body.removed.join(' '),
        withoutContacts: body.withoutContacts.join(' '),
      },
    })
  }
}
