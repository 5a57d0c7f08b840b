/** An Impinj R700 with its IoT device interface, over MQTT. */
import { runReader } from '../mqtt/reader.ts'
import { specOf } from '../port.ts'
import { impinjMaker } from './maker.ts'

runReader(specOf('mqtt-impinj'), impinjMaker())
