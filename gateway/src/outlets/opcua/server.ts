/** The room as read-only variables: no methods, no writes, nothing below SignAndEncrypt, nobody without a name. */
import { MessageSecurityMode, SecurityPolicy, StatusCodes } from 'node-opcua-client'
import { OPCUAServer } from 'node-opcua-server'
import { verifyPassword } from '../../console/passwords.ts'
import { type CertificateManager, guardTransports, newManager } from '../../drivers/opcua/stack.ts'
import type { ViewDevice, ViewSample, ViewSetup } from './protocol.ts'

guardTransports()

const uri = 'urn:lantai:view'
const mostSessions = 10

const statusOf = {
  good: StatusCodes.Good,
  /** Heard once, and not lately: no value at all, so that nobody takes it for a live one. */
  stale: StatusCodes.BadNoCommunication,
  bad: StatusCodes.BadNoData,
} as const

type Namespace = ReturnType<NonNullable<OPCUAServer['engine']['addressSpace']>['getOwnNamespace']>
type Variable = ReturnType<Namespace['addVariable']>
type Folder = ReturnType<Namespace['addObject']>
type Value = Parameters<Variable['setValueFromSource']>[0]

export class ViewServer implements AsyncDisposable {
  readonly #server: OPCUAServer
  readonly #manager: CertificateManager
  readonly #namespace: Namespace
  readonly #room: Folder
  readonly #folders = new Map<string, Folder>()
  readonly #variables = new Map<string, { variable: Variable; type: ViewSample['type'] }>()

  private constructor(
    server: OPCUAServer,
    manager: CertificateManager,
    namespace: Namespace,
    room: Folder,
  ) {
    this.#server = server
    this.#manager = manager
    this.#namespace = namespace
    this.#room = room
  }

  static async start({ settings, pki, name }: ViewSetup): Promise<ViewServer> {
    const manager = newManager(pki)
    await manager.initialize()
    const server = new OPCUAServer({
      port: settings.port,
      host: settings.host ?? '127.0.0.1',
      serverInfo: {
        applicationUri: `urn:lantai:gateway:${name}`,
        productUri: 'urn:lantai:gateway',
      },
      buildInfo: { productName: 'Lantai gateway' },
      serverCertificateManager: manager,
      userCertificateManager: newManager(`${pki}-users`),
      securityModes: [MessageSecurityMode.SignAndEncrypt],
      securityPolicies: [SecurityPolicy.Basic256Sha256],
      allowAnonymous: false,
      userManager: {
        isValidUserAsync(user, password, done) {
          const hash = settings.users.find((u) => u.name === user)?.hash ?? ''
          verifyPassword(password, hash).then((ok) => done(null, ok), done)
        },
      },
      serverCapabilities: { maxSessions: mostSessions },
    })
    await server.initialize()
    const space = server.engine.addressSpace
    if (!space) throw new Error('the server has no address space')
    const namespace = space.registerNamespace(uri)
    const room = namespace.addObject({
      browseName: 'Lantai',
      nodeId: 's=Lantai',
      organizedBy: space.rootFolder.objects,
    })
    await server.start()
    return new ViewServer(server, manager, namespace, room)
  }

  get port(): number {
    return Number(/:(\d+)(\/|$)/.exec(this.#server.getEndpointUrl().slice('opc.tcp:'.length))?.[1])
  }

  /** Finds the clients that a person has approved since. */
  reload(): Promise<void> {
    return this.#manager.reloadCertificates()
  }

  /** Takes over what is known now. What is no longer told has no value. */
  show(devices: readonly ViewDevice[]) {
    const told = new Set<string>()
    for (const { id, samples } of devices)
      for (const sample of samples) {
        const node = `${id}/${sample.name}`
        told.add(node)
        this.#set(this.#variable(id, node, sample), sample)
      }
    for (const [node, { variable, type }] of this.#variables)
      if (!told.has(node)) setTo(variable, type, null, 'bad', Date.now())
  }

  /** Nothing is known any more, for the gateway itself is silent. */
  blank() {
    for (const { variable, type } of this.#variables.values())
      setTo(variable, type, null, 'stale', Date.now())
  }

  async [Symbol.asyncDispose]() {
    await this.#server.shutdown(0)
  }

  #set(variable: Variable, { type, value, quality, at }: ViewSample) {
    setTo(variable, type, value, value === null && quality === 'good' ? 'bad' : quality, at)
  }

  #variable(device: string, node: string, { name, type }: ViewSample): Variable {
    const known = this.#variables.get(node)
    if (known?.type === type) return known.variable
    const folder = this.#folders.get(device) ?? this.#folder(device)
    const variable = this.#namespace.addVariable({
      componentOf: folder,
      browseName: name,
      nodeId: `s=${node}`,
      dataType: type,
      accessLevel: 'CurrentRead',
      userAccessLevel: 'CurrentRead',
    })
    this.#variables.set(node, { variable, type })
    return variable
  }

  #folder(device: string): Folder {
    const folder = this.#namespace.addObject({
      browseName: device,
      nodeId: `s=${device}`,
      componentOf: this.#room,
    })
    this.#folders.set(device, folder)
    return folder
  }
}

function setTo(
  variable: Variable,
  type: ViewSample['type'],
  value: ViewSample['value'],
  quality: ViewSample['quality'],
  at: number,
) {
  const variant = value === null ? { dataType: 'Null' } : { dataType: type, value }
  variable.setValueFromSource(variant as Value, statusOf[quality], new Date(at))
}
