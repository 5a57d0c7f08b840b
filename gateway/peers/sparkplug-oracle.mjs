// Reads and writes Sparkplug payloads with the package of the Tahu project: `decode HEX` or `encode NAME`. A process of
// its own, since its dependencies want to be loaded as Node loads them.
import process from 'node:process'
import sparkplug from 'sparkplug-payload'

const { decodePayload, encodePayload } = sparkplug.get('spBv1.0')
const [, , what, word] = process.argv
const plain = (_key, value) =>
  typeof value === 'object' && value !== null && 'low' in value ? Number(value) : value

if (what === 'decode')
  process.stdout.write(JSON.stringify(decodePayload(Buffer.from(word, 'hex')), plain))
else {
  const metrics = [{ name: word, type: 'Boolean', value: true }]
  process.stdout.write(Buffer.from(encodePayload({ timestamp: 1, metrics })).toString('hex'))
}
