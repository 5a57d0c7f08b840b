import { millis } from '@lantai/contracts'
import type { CreateDriver } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { Connection } from '../link/connection.ts'
import { Health } from '../link/health.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { systemIo } from '../link/system-io.ts'
import { type Answer, Lines, question, readLine } from './frames.ts'
import type { Example } from './kind.ts'

const answerWithin = millis(1000)

/** One question and its answer. Whatever else comes ends the connection: the next begins with nothing known. */
async function ask(connection: Connection, bad: BadFrames, id: number): Promise<Answer | null> {
  const lines = new Lines()
  let answer: Answer | null = null
  const answered = new Promise<void>((resolve) => {
    connection.listen((chunk) => {
      for (const line of lines.push(chunk)) {
        const read = readLine(line)
        if (typeof read === 'object' && read.id === id && !answer) answer = read
        else {
          const why = typeof read === 'string' ? read : `answer ${read.id} to question ${id}`
          bad.note(Buffer.from(line, 'latin1'), why)
          connection.end(why)
        }
      }
      if (answer) resolve()
    })
  })
  connection.write(question(id))
  await Promise.race([answered, connection.pause(answerWithin)])
  if (!answer) connection.end('no answer')
  return connection.alive ? answer : null
}

export const createExampleDriver: CreateDriver<typeof Example> = (device, deps, io = systemIo) => {
  const { clock, emit } = deps
  const bad = new BadFrames(clock, deps.log)
  const health = new Health(device.id, bad, emit)
  const loop = new LinkLoop({
    clock,
    open: io.tcp(device.host, device.port),
    random: io.random,
    async serve(connection, up) {
      for (let id = 0; connection.alive; id = (id + 1) % 100) {
        const answer = await ask(connection, bad, id)
        if (!answer) break
        up()
        const about = { device: device.id, sensor: device.sensor.id }
        const count = Object.keys(answer.values).length
        if (count > 0) emit({ kind: 'readings', ...about, values: answer.values })
        emit({ kind: 'sensorSilent', ...about, silent: count < 2 })
        health.tell({ state: 'online', detail: null })
        await connection.pause(millis(device.everyMs))
      }
      return {}
    },
    down: (reason) => health.tell({ state: 'offline', detail: reason }),
  })
  return { start: () => loop.start(), [Symbol.asyncDispose]: () => loop.stop() }
}
