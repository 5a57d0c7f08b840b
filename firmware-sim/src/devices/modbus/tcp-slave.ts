/**
 * Modbus TCP slave: jsmodbus reads and writes the frames, we answer. Its own buffers are not used: they accept
 * every write, never answer "illegal address", and are shared between servers of one process.
 */
import { EventEmitter } from 'node:events'
import type { Server, Socket } from 'node:net'
import {
  type ModbusAbstractRequest,
  type ModbusTCPRequest,
  ModbusTCPResponse,
  ModbusTCPServer,
  requests,
  responses,
} from 'jsmodbus'
import { FramedSocket, refusal } from './adu-splitter.ts'

export type Exception = { exception: number }
export interface Slave {
  readHolding?(address: number, count: number): number[] | Exception
  readInput?(address: number, count: number): number[] | Exception
  readCoils?(address: number, count: number): boolean[] | Exception
  readDiscrete?(address: number, count: number): boolean[] | Exception
  write?(address: number, values: number[]): Exception | null
}

const illegalFunction = 1
const noSuchUnit = 11
/** Functions that are heard below. */
const known: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 15, 16])
type Reply = (buffer: Buffer) => void
type Body = Parameters<typeof ModbusTCPResponse.fromRequest>[1]

/** Answers unit `unit` (and 0 and 255, which mean "whoever is there"); others get "target failed to respond". */
export function serveModbusTcp(server: Server, unit: number, slave: Slave): void {
  const isMine = (asked: number) => [unit, 0, 255].includes(asked)
  const framed = new EventEmitter()
  // A function that jsmodbus does not know it answers for every unit, with a code that no specification has.
  const strange = (frame: Buffer) => {
    if (known.has(frame[7] as number)) return null
    return refusal(frame, isMine(frame[6] as number) ? illegalFunction : noSuchUnit)
  }
  server.on('connection', (socket: Socket) =>
    framed.emit('connection', new FramedSocket(socket, strange)),
  )
  const none = { coils: undefined, discrete: undefined, holding: undefined, input: undefined }
  // Without buffers jsmodbus hands each request to a listener.
  const modbus = new ModbusTCPServer(framed as Server, none as unknown as Record<string, never>)
  const send = (r: ModbusAbstractRequest, answer: () => Body, reply: Reply) => {
    reply(frame(r, isMine(r.unitId) ? answer() : exception(r, noSuchUnit)))
  }
  const on = (
    event: 'readHoldingRegisters' | 'readInputRegisters' | 'readDiscreteInputs' | 'readCoils',
    answer: (r: ModbusAbstractRequest) => Body,
  ) => modbus.on(event as 'readCoils', (r, reply) => send(r, () => answer(r), reply))
  on('readHoldingRegisters', (r) => registers(r, slave.readHolding))
  on('readInputRegisters', (r) => registers(r, slave.readInput))
  on('readDiscreteInputs', (r) => bits(r, slave.readDiscrete))
  on('readCoils', (r) => bits(r, slave.readCoils))
  modbus.on('writeSingleCoil', (r, reply) => send(r, () => exception(r, illegalFunction), reply))
  modbus.on('writeMultipleCoils', ((r: ModbusAbstractRequest, reply: Reply) =>
    send(r, () => exception(r, illegalFunction), reply)) as never)
  modbus.on('writeSingleRegister', (r, reply) => send(r, () => writeOne(r, slave), reply))
  modbus.on('writeMultipleRegisters', ((r: ModbusAbstractRequest, reply: Reply) =>
    send(r, () => writeMany(r, slave), reply)) as never)
}

const frame = (r: ModbusAbstractRequest, body: Body): Buffer =>
  ModbusTCPResponse.fromRequest(r as unknown as ModbusTCPRequest, body).createPayload()

const exception = (r: ModbusAbstractRequest, code: number): Body =>
  new responses.ExceptionResponseBody(r.body.fc, code as 1)

function registers(r: ModbusAbstractRequest, read: Slave['readHolding']): Body {
  const body = r.body
  const holding = requests.isReadHoldingRegistersRequestBody(body)
  if (!holding && !requests.isReadInputRegistersRequestBody(body))
    return exception(r, illegalFunction)
  if (!read) return exception(r, illegalFunction)
  const got = body.count < 1 || body.count > 125 ? { exception: 3 } : read(body.start, body.count)
  if (!Array.isArray(got)) return exception(r, got.exception)
  const Response = holding
    ? responses.ReadHoldingRegistersResponseBody
    : responses.ReadInputRegistersResponseBody
  return new Response(got.length * 2, got)
}

function bits(r: ModbusAbstractRequest, read: Slave['readDiscrete']): Body {
  const body = r.body
  const coils = requests.isReadCoilsRequestBody(body)
  if (!coils && !requests.isReadDiscreteInputsRequestBody(body))
    return exception(r, illegalFunction)
  if (!read) return exception(r, illegalFunction)
  const got = body.count < 1 || body.count > 2000 ? { exception: 3 } : read(body.start, body.count)
  if (!Array.isArray(got)) return exception(r, got.exception)
  const packed = Buffer.alloc(Math.ceil(got.length / 8))
  got.forEach((on, i) => {
    if (on) packed[i >> 3] = (packed[i >> 3] as number) | (1 << (i & 7))
  })
  const Response = coils
    ? responses.ReadCoilsResponseBody
    : responses.ReadDiscreteInputsResponseBody
  return new Response(packed, packed.length)
}

function writeOne(r: ModbusAbstractRequest, slave: Slave): Body {
  const body = r.body
  if (!requests.isWriteSingleRegisterRequestBody(body) || !slave.write)
    return exception(r, illegalFunction)
  const refused = slave.write(body.address, [body.value])
  return refused
    ? exception(r, refused.exception)
    : responses.WriteSingleRegisterResponseBody.fromRequest(body)
}

function writeMany(r: ModbusAbstractRequest, slave: Slave): Body {
  const body = r.body
  if (!requests.isWriteMultipleRegistersRequestBody(body) || !slave.write)
    return exception(r, illegalFunction)
  const refused = slave.write(body.address, [...body.valuesAsArray])
  return refused
    ? exception(r, refused.exception)
    : responses.WriteMultipleRegistersResponseBody.fromRequest(body)
}
