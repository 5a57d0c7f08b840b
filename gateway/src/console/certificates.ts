/** Certificates of OPC UA servers, and of clients of our view, that nobody has approved yet: seen, compared and approved by a person, the server up or not. */
import type { DeviceHealth, FactBody } from '@lantai/contracts'
import { approve, type CertificateView, listRejected } from '../drivers/opcua/trust.ts'
import type { RosterPerson } from '../uplink/roster.ts'
import type { ActResult } from './acts.ts'

export interface RejectedCertificate extends CertificateView {
  /** Devices that met it, by their own word. */
  devices: { device: string; label: string }[]
}

/** Trust is security's business, or that of who runs the systems. */
export const mayTrust = (p: RosterPerson) =>
  p.roles.includes('systemOfficer') || p.roles.includes('securityOfficer')

export class Certificates {
  readonly #pkis: readonly string[]
  readonly #health: () => readonly DeviceHealth[]
  readonly #note: (data: FactBody<'lantai.console.v1'>) => void

  constructor(
    pkis: readonly string[],
    health: () => readonly DeviceHealth[],
    note: (data: FactBody<'lantai.console.v1'>) => void,
  ) {
    this.#pkis = pkis
    this.#health = health
    this.#note = note
  }

  rejected(): RejectedCertificate[] {
    return this.#pkis.flatMap(listRejected).map((view) => ({
      ...view,
      devices: this.#health()
        .filter((d) => d.detail?.includes(view.thumbprint))
        .map(({ device, label }) => ({ device, label })),
    }))
  }

  /** The driver finds it in its trust list at its next try, within seconds. */
  approve(thumbprint: string, by: RosterPerson, reason: string): ActResult {
    if (!mayTrust(by)) return { ok: false, reason: 'role may not approve a certificate' }
    const approved = this.#pkis.map((pki) => approve(pki, thumbprint)).find((view) => view !== null)
    if (!approved) return { ok: false, reason: 'no such certificate waits' }
    this.#note({
      act: 'trustCertificate',
      by: by.name,
      bank: null,
      reason,
      certificate: approved.thumbprint,
    })
    return { ok: true }
  }
}
