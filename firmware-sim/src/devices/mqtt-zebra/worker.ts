/** A Zebra reader with the IoT Connector, over MQTT. */
import { runReader } from '../mqtt/reader.ts'
import { specOf } from '../port.ts'
import { zebraMaker } from './maker.ts'

const spec = specOf('mqtt-zebra')
runReader(spec, zebraMaker(spec.form))
