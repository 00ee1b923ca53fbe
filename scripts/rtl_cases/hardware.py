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
    full: bool  # Winograd, batches, SDP's Y, look-up tables of SDP, BDMA, Rubik, CVSRAM, 64-bit addresses


HARDWARE = {
    "nv_small": Hardware("nv_small", ("int8",), 8, 8, 32, 512, 8, False),
    "nv_full": Hardware("nv_full", ("int8", "int16", "fp16"), 32, 64, 16, 256, 128, True),
}


class Registers:
    def __init__(self, config):
        self._registers = {}
        for unit in json.loads((DATA / f"{config}.json").read_text())["units"]:
            base = int(unit["base"], 16)
            for register in unit["registers"]:
                fields = {field[0]: (field[1], field[2]) for field in register["fields"]}
                self._registers[unit["name"], register["name"]] = (base + int(register["offset"], 16), fields)

    def offset(self, unit, register):
        return self._registers[unit, register][0]

    def field(self, unit, register, field):
        """(lowest bit, width)"""
        return self._registers[unit, register][1][field]
