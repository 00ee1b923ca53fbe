// SPDX-License-Identifier: Apache-2.0
// Trace tests of nvdla/hw (branches nv_small and master, verif/tests/trace_tests/*/*.cfg): statements, one a
// line, `//` begins a comment. Numbers are hexadecimal with 0x, or decimal.
//
//   reg_write(NVDLA_UNIT.REGISTER_0, DATA);
//   reg_read(NVDLA_UNIT.REGISTER_0, ANYTHING);          one read, not compared
//   reg_read_check(NVDLA_UNIT.REGISTER_0, VALUE);       one read
//   poll_reg_equal(NVDLA_UNIT.REGISTER_0, VALUE);       until the whole register has the value
//   poll_field_equal(NVDLA_UNIT.REGISTER_0.FIELD, VALUE);
//   sync_notify(NVDLA_UNIT, ID);  sync_wait(NVDLA_UNIT, ID);
//   intr_notify(SOURCE_GROUP, ID);                      SDP_0, CDMA_DAT_1, ...: fields of GLB.S_INTR_STATUS
//   mem_init(MEMORY, ADDRESS, SIZE | "FILE", PATTERN [, ID]);
//   mem_load(MEMORY, ADDRESS, "FILE" [, ID]);
//   mem_reserve(MEMORY, ADDRESS, SIZE [, ...]);  mem_release(MEMORY, ADDRESS, ID);
//   check_crc(ID, MEMORY, ADDRESS, SIZE, CRC);
//   check_file(ID, MEMORY, ADDRESS, SIZE, "FILE");
//   check_nothing(ID);
// MEMORY is pri_mem (also 1) or sec_mem; PATTERN is ALL_ZERO, ONES, AFIVE, FIVEA, ADDR, X or RANDOM.
//
// Source: verif/tools/nvdla_trace_parser.py (syntax), verif/testbench/trace_player (meaning).
// Limits: of a register that is named by fields only (poll_field_equal) the other fields are not looked at;
// mem_reserve and mem_release are the vendor's account of regions, not contents: nothing happens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hardware/types.h"
#include "host/trace_reader.h"

namespace nvdla::host {

struct TestStatement {
  enum class Kind : std::uint8_t {
    kWrite,
    kRead,
    kReadCheck,
    kPoll,
    kNotify,
    kWait,
    kInterrupt,
    kFill,
    kLoad,
    kRegion,  // mem_reserve, mem_release
    kCheckCrc,
    kCheckFile,
    kCheckNothing
  };
  Kind kind = Kind::kRegion;
  std::string block;         // of register accesses, notify and wait: "CDMA"
  std::uint32_t offset = 0;  // byte offset of the register
  std::uint32_t mask = 0xffffffff;
  std::uint32_t value = 0;  // data, expected value, CRC, or the interrupt's bit
  std::string sync;         // the id; empty: none
  MemorySpace space = MemorySpace::kDbb;
  FillPattern pattern = FillPattern::kZero;
  std::uint64_t address = 0, size = 0;
  std::string file;
  std::size_t line = 0;
  std::string text;
};

// All statements, in the order of the file. Registers are those of `generation`. Throws InputError
// "file:line: what: text of the line".
[[nodiscard]] std::vector<TestStatement> read_trace_test(const std::string& path, Generation generation);

}  // namespace nvdla::host
