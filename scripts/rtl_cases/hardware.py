# SPDX-License-Identifier: Apache-2.0
"""What a case must know of a configuration, and its registers by name (tlm_model/registers/data)."""

import dataclasses
import json
import pathlib

DATA = pathlib.Path(__file__).resolve().parents[2] / "tlm_model" / "registers" / "data"
SIZE = {"int8": 1, "int16": 2, "fp16": 2}  # bytes of an element
CODE = {"int8": 0, "int16": 1, "fp16": 2}  # PROC_PRECISION and its like


@dataclasses.dataclass(frozen=True)
class Hardware:
    name: str
    precisions: tuple
    atom: int  # bytes of a memory atom
    atomic_c: int  # channels of one atomic operation
    cbuf_banks: int
    bank_entries: int
    entry: int  # bytes of an entry of the convolution buffer
    full: bool = False  # generation V1: Winograd, batches, BDMA, Rubik
    y_unit: bool = False  # SDP's Y
    cvsram: bool = False  # the second port

    @property
    def register_map(self):
        return "nv_full" if self.full else "nv_small"


HARDWARE = {
    hardware.name: hardware
    for hardware in (
        Hardware("nv_small", ("int8",), 8, 8, 32, 512, 8),
        Hardware("nv_small_256", ("int8",), 8, 32, 32, 128, 32),
        Hardware("nv_small_256_full", ("int8",), 8, 32, 32, 128, 32, y_unit=True, cvsram=True),
        Hardware("nv_medium_512", ("int8",), 16, 32, 32, 512, 32),
        Hardware("nv_medium_1024_full", ("int8",), 32, 32, 32, 512, 32, y_unit=True, cvsram=True),
        Hardware("nv_large", ("int8",), 32, 64, 16, 512, 64, y_unit=True, cvsram=True),
        Hardware("nv_full", ("int8", "int16", "fp16"), 32, 64, 16, 256, 128, full=True, y_unit=True, cvsram=True),
    )
}


class Registers:
    def __init__(self, hardware):
        self._registers = {}
        for unit in json.loads((DATA / f"{hardware.register_map}.json").read_text())["units"]:
            base = int(unit["base"], 16)
            for register in unit["registers"]:
                fields = {field[0]: (field[1], field[2]) for field in register["fields"]}
                self._registers[unit["name"], register["name"]] = (base + int(register["offset"], 16), fields)

    def offset(self, unit, register):
        return self._registers[unit, register][0]

    def field(self, unit, register, field):
        """(lowest bit, width)"""
        return self._registers[unit, register][1][field]
