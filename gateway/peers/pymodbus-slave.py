"""Modbus slaves by pymodbus 3.0.0: an implementation that shares nothing with ours.

Usage: pymodbus-slave.py tcp | rtu PATH. Prints "ready PORT" when it listens. Units 1 to 3 are a bank and two air
sensors, 4 to 8, 10 and 255 detectors and modules; others are silent.
"""
import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock as Block
from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer


def unit(number):
    holding = [0] * 0x200
    holding[0x0000:0x0002] = [0x4C54, 2]
    holding[0x0100] = 0x0100  # still, mains good
    holding[0x0101] = number if number != 1 else 12
    if number == 1:
        # The bank; as an air unit this register must hold the address instead, so units 2 and 3 are the air.
        holding[0x0105] = 3
        holding[0x0110:0x0113] = [0, 900, 2800]
        holding[0x0130:0x0133] = [1, 0, 6]
    return ModbusSlaveContext(
        di=Block(0, [1, 1, 0, 1] + [0] * 60),
        co=Block(0, [0] * 64),
        hr=Block(0, holding),
        ir=Block(0, [0, (215 - 10 * number) & 0xFFFF if number != 3 else (-101) & 0xFFFF, 523 + number] + [0] * 16),
        zero_mode=True,
    )


def filled(size, values):
    cells = [0] * size
    for at, value in values.items():
        cells[at] = value
    return Block(0, cells)


def detector(di=None, co=None, hr=None):
    return ModbusSlaveContext(
        di=filled(16, di or {}), co=filled(16, co or {}), hr=filled(0x9C60, hr or {}), ir=filled(16, {}), zero_mode=True
    )


DETECTORS = {
    # Aspirating: pre-alarm, airflow fault, 41.0 %.
    4: detector(hr={0: 1, 1: 2, 2: 410, 3: 7}),
    # Leak sensor: wet.
    5: detector(hr={2: 2}),
    # Door open, its tamper loop closed.
    6: detector(di={0: 0, 1: 1}),
    # Inputs and outputs: loop 1 open, output 2 on.
    7: detector(di={n: int(n != 1) for n in range(8)}, co={2: 1}),
    # SmartAlarm: first-up alarm on 1, 2 acknowledged, the others normal; channel 1 disabled.
    8: detector(hr={40011 + n: v for n, v in enumerate([66, 67, 64, 69, 64, 64, 64, 64])} | {40021: 3}),
    # Counter module: 70,536 pulses, the low word first.
    10: detector(hr={24: 0x1388, 25: 1}),
    # SQR-2: input 2 in alarm.
    255: detector(di={n: int(n != 2) for n in range(8)}),
}


async def main():
    context = ModbusServerContext(slaves={n: unit(n) for n in (1, 2, 3)} | DETECTORS, single=False)
    if sys.argv[1] == "tcp":
        server = ModbusTcpServer(context, address=("127.0.0.1", 0), ignore_missing_slaves=True)
        running = asyncio.ensure_future(server.serve_forever())
        await server.serving
        print("ready", server.server.sockets[0].getsockname()[1], flush=True)
        await running
    else:
        server = ModbusSerialServer(
            context, framer=ModbusRtuFramer, port=sys.argv[2], baudrate=9600, timeout=0.05,
            ignore_missing_slaves=True,
        )
        await server.start()
        print("ready 0", flush=True)
        await asyncio.get_running_loop().create_future()


asyncio.run(main())
