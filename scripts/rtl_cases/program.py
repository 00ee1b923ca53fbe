# SPDX-License-Identifier: Apache-2.0
"""A register trace with its memory: the format of docs/formats.md.

Registers of an operation are set in any order and written by `run`, in order of their offsets, into the
register group that is next for each unit, as a driver alternates them. `wait` polls for the interrupts of all
that runs.
"""

import pathlib

DBB, CVSRAM = 0x80000000, 0x50000000


def ram_type(address):
    """As the registers have it: 1 behind DBB, 0 behind the second port."""
    return int(address >= DBB)


# Lowest bit in GLB.S_INTR_STATUS; the group is added.
INTERRUPT = {"SDP": 0, "CDP": 2, "PDP": 4, "BDMA": 6, "RBK": 8, "CDMA_DAT": 16, "CDMA_WT": 18, "CACC": 20}
CONVOLUTION = ("CACC", "CMAC_A", "CMAC_B", "CSC", "CDMA")


class Program:
    def __init__(self, hardware, registers, title):
        self.hardware = hardware
        self.registers = registers
        self.text = [f"# {title}"]
        self.loads = []  # (address, bytes)
        self.dumps = []  # (address, size)
        self.second_port = False  # cubes lie behind it by chance
        self._next = {DBB: DBB + 0x1000, CVSRAM: CVSRAM + 0x1000}
        self._pending = {}
        self._runs = {}
        self._status = 0
        self._flushed = False

    def in_cvsram(self, draw, name):
        return self.second_port and draw.one_in(f"{name}_in_cvsram", 2)

    # Memory. `cvsram`: behind the second port. Returns the address.
    def load(self, data, cvsram=False, align=256):
        address = self._place(len(data), cvsram, align)
        self.loads.append((address, data))
        return address

    def result(self, size, cvsram=False, align=256):
        address = self._place(size, cvsram, align)
        self.dumps.append((address, size))
        return address

    def _place(self, size, cvsram, align):
        port = CVSRAM if cvsram else DBB
        address = (self._next[port] + align - 1) // align * align
        self._next[port] = address + size
        return address

    # Registers of the next operation.
    def set(self, unit, register, value):
        self._pending[unit, register] = value & 0xFFFFFFFF

    def field(self, unit, register, field, value):
        lsb, width = self.registers.field(unit, register, field)
        if not 0 <= value < 1 << width:
            raise ValueError(f"{unit}.{register}.{field} = {value}: {width} bits")
        whole = self._pending.get((unit, register), 0)
        self._pending[unit, register] = whole & ~(((1 << width) - 1) << lsb) | value << lsb

    def write(self, unit, register, value):
        """At once."""
        offset = self.registers.offset(unit, register)
        self.text.append(f"write_reg 0x{0xFFFF0000 + offset // 4:08x} 0x{value & 0xFFFFFFFF:08x}")

    def run(self, units, interrupts):
        """Writes what was set and enables the units in this order."""
        groups = {unit: self._runs.get(unit, 0) % 2 for unit in units}
        for unit in units:
            if unit != "BDMA":
                self.write(unit, "S_POINTER", groups[unit])
            here = [register for where, register in self._pending if where == unit]
            for register in sorted(here, key=lambda r, u=unit: self.registers.offset(u, r)):
                self.write(unit, register, self._pending[unit, register])
        for unit in units:
            if unit == "CACC" and not self._flushed:  # CBUF is cleared after reset
                self._flushed = True
                self._until("CDMA", "S_CBUF_FLUSH_STATUS", 1)
            if unit == "BDMA":
                self.write(unit, f"CFG_LAUNCH{groups[unit]}", 1)
            else:
                self.write(unit, "D_OP_ENABLE", 1)
            self._runs[unit] = self._runs.get(unit, 0) + 1
        for name in interrupts:
            self._status |= 1 << INTERRUPT[name] + groups["CDMA" if name.startswith("CDMA") else name]
        self._pending.clear()

    def wait(self):
        status, self._status = self._status, 0
        self._until("GLB", "S_INTR_STATUS", status)
        self.write("GLB", "S_INTR_STATUS", status)
        offset = self.registers.offset("GLB", "S_INTR_STATUS")
        self.text.append(f"read_reg 0x{0xFFFF0000 + offset // 4:08x} 0x{status:08x} 0x00000000")

    def _until(self, unit, register, value):
        offset = self.registers.offset(unit, register)
        self.text.append(f"until 0x{0xFFFF0000 + offset // 4:08x} 0x{value:08x}")

    def save(self, directory):
        """input.txn and mem/*.bin; a replay writes output_*.bin."""
        directory = pathlib.Path(directory)
        (directory / "mem").mkdir(parents=True, exist_ok=True)
        lines = self.text[:1]
        for address, data in self.loads:
            name = f"mem/{address:08x}.bin"
            (directory / name).write_bytes(data)
            lines.append(f"load_mem 0x{address:08x} 0x{len(data):x} {name}")
        lines += self.text[1:]
        lines += [f"dump_mem 0x{address:08x} 0x{size:x} output_{address:08x}.bin" for address, size in self.dumps]
        (directory / "input.txn").write_text("\n".join(lines) + "\n")
