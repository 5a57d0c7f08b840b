/** Every HTTP route of the server, by feature. */
import * as alarms from './alarms.ts'
import * as boxes from './boxes.ts'
import * as climate from './climate.ts'
import * as custody from './custody.ts'
import * as devices from './devices.ts'
import * as gateways from './gateways.ts'
import * as lending from './lending.ts'
import * as operations from './operations.ts'
import * as overview from './overview.ts'
import * as people from './people.ts'
import * as records from './records.ts'
import * as shelving from './shelving.ts'
import * as stack from './stack.ts'

export {
  alarms,
  boxes,
  climate,
  custody,
  devices,
  gateways,
  lending,
  operations,
  overview,
  people,
  records,
  shelving,
  stack,
}
