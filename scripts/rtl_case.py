#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a register trace of one random legal operation (or a few), with its memory, to be recorded on RTL.

  scripts/rtl_case.py nv_small conv --seed 7 --output DIR
  scripts/rtl_case.py nv_small conv --seed 7 --set kernel_width=3 --set kernels=20 --output DIR
  scripts/rtl_case.py nv_small all --seed 7 --count 3 --output DIR
  scripts/rtl_case.py --descriptor DIR/case.json --output DIR2
  scripts/rtl_case.py --modes

Writes DIR/input.txn (docs/formats.md), DIR/mem/*.bin and DIR/case.json: the descriptor with every parameter
that was chosen. The same descriptor makes the same case. docs/recording.md says how to record it. Of "all" modes
that the configuration has, or of several seeds, each case has a folder of its own: DIR/MODE_sSEED_CONFIG.
"""

import argparse
import json
import pathlib
import sys

from rtl_cases.draw import Draw
from rtl_cases.hardware import HARDWARE, Registers
from rtl_cases.modes import MODES
from rtl_cases.program import Program

SCHEMA = "nvdla-rtl-case/1"


def value_of(text):
    """key=value of the command line: a decimal or hexadecimal number, or a word."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise ValueError(f"--set {text}: must be NAME=VALUE")
    try:
        return name, int(value, 0)
    except ValueError:
        return name, value


def read_descriptor(path):
    try:
        descriptor = json.loads(pathlib.Path(path).read_text())
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error
    if not isinstance(descriptor, dict) or descriptor.get("schema") != SCHEMA:
        raise ValueError(f"{path}: schema must be {SCHEMA}")
    for key, kind in (("config", str), ("mode", str), ("seed", int), ("precision", str), ("set", dict)):
        if not isinstance(descriptor.get(key), kind):
            raise ValueError(f"{path}: {key} is missing or not of its kind")
    return descriptor


def make(config, mode, seed, precision=None, given=None):
    """Returns (program, descriptor)."""
    if config not in HARDWARE:
        raise ValueError(f"configuration {config}: must be one of {', '.join(HARDWARE)}")
    if mode not in MODES:
        raise ValueError(f"mode {mode}: must be one of {', '.join(MODES)}")
    hardware = HARDWARE[config]
    what, needs, build = MODES[mode]
    if needs and not getattr(hardware, needs):
        raise ValueError(f"mode {mode}: {config} does not have it")
    draw = Draw(seed, given)
    if precision is None:
        precision = Draw(seed).of("precision", list(hardware.precisions))
    if precision not in hardware.precisions:
        raise ValueError(f"precision {precision}: {config} has {', '.join(hardware.precisions)}")
    program = Program(hardware, Registers(hardware), f"{config} {precision}: {what}, seed {seed}")
    build(program, draw, precision)
    program.wait()
    unused = set(given or {}) - set(draw.chosen)
    if unused:
        raise ValueError(f"nothing here is named {', '.join(sorted(unused))}")
    descriptor = {"schema": SCHEMA, "config": config, "mode": mode, "seed": seed, "precision": precision,
                  "set": dict(given or {}), "chosen": dict(sorted(draw.chosen.items()))}
    return program, descriptor


def save(program, descriptor, output):
    program.save(output)
    (pathlib.Path(output) / "case.json").write_text(json.dumps(descriptor, indent=1) + "\n")


def modes_of(config):
    return [name for name, (_, needs, _) in MODES.items() if not needs or getattr(HARDWARE[config], needs)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", nargs="?", help=", ".join(HARDWARE))
    parser.add_argument("mode", nargs="?", help="see --modes; all: every mode of the configuration")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, help="so many seeds, from --seed on")
    parser.add_argument("--precision", help="default: from the seed")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter, as case.json names it")
    parser.add_argument("--descriptor", help="case.json of another case, in place of the above")
    parser.add_argument("--output", help="directory to write")
    parser.add_argument("--modes", action="store_true", help="lists the modes")
    options = parser.parse_args()
    if options.modes:
        for name, (what, needs, _) in MODES.items():
            having = [hardware.name for hardware in HARDWARE.values() if needs and getattr(hardware, needs)]
            print(f"{name:14} {what}" + (f" ({', '.join(having)})" if having else ""))
        return 0
    try:
        if options.output is None:
            raise ValueError("--output DIR is missing")
        if options.descriptor:
            d = read_descriptor(options.descriptor)
            save(*make(d["config"], d["mode"], d["seed"], d["precision"], d["set"]), options.output)
            return 0
        if options.config is None or options.mode is None:
            raise ValueError("configuration and mode are missing (--help)")
        given = dict(value_of(text) for text in options.set)
        if options.mode != "all" and options.count is None:
            save(*make(options.config, options.mode, options.seed, options.precision, given), options.output)
            return 0
        if options.count is not None and options.count < 1:
            raise ValueError(f"--count {options.count}: must be at least 1")
        if options.config not in HARDWARE:
            raise ValueError(f"configuration {options.config}: must be one of {', '.join(HARDWARE)}")
        for mode in modes_of(options.config) if options.mode == "all" else [options.mode]:
            for seed in range(options.seed, options.seed + (options.count or 1)):
                folder = pathlib.Path(options.output) / f"{mode}_s{seed}_{options.config}"
                save(*make(options.config, mode, seed, options.precision, given), folder)
    except (OSError, ValueError) as error:
        print(f"rtl_case.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
