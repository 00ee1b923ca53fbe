// SPDX-License-Identifier: Apache-2.0
// Register traces in nvdla/hw's input.txn format, streamed line by line, plain or gzip.
//
//   write_reg A DATA                A = 0xffff0000 + byte offset / 4, or the offset
//   read_reg  A MASK EXPECT         polls until (value & MASK) == (EXPECT & MASK)
//   until     A VALUE               polls until (value & VALUE) == VALUE
//   wait                            for the interrupt line
//   write_mem ADDRESS DATA          32 bits
//   read_mem  ADDRESS MASK EXPECT   32 bits, compared once
//   load_mem  BASE SIZE FILE        FILE relative to the trace: raw bytes, or .dat text of nvdla/hw
//   dump_mem  BASE SIZE FILE        FILE relative to ReplayOptions::dump; raw bytes
//   # comment                       anywhere in a line
// Numbers are hexadecimal with 0x, or decimal.
//
// Errors are InputError, "file:line: what: text of the line". A last line without newline is accepted only
// when it is a complete command whose numbers all have eight hexadecimal digits: anything else may have been
// cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/text_source.h"

namespace nvdla::host {

enum class CommandKind : std::uint8_t {
  kWriteReg,
  kReadReg,
  kUntil,
  kWait,
  kWriteMem,
  kReadMem,
  kLoadMem,
  kDumpMem,
  // Not in register traces; other inputs (host/inputs) have them.
  kReadCheck,    // a register: one read, compared
  kFillMem,      // `size` bytes of a pattern
  kLoadSurface,  // all of a surface file (host/memory_file.h)
  kCheckCrc,     // CRC-32 of memory
  kCheckFile     // memory against a surface file
};

// Byte n of a filled region at address A: 0, 0xff, 0xa5, 0x5a, the low byte of A + n, pseudo-random.
enum class FillPattern : std::uint8_t { kZero, kOnes, kA5, k5A, kAddress, kRandom };

struct TraceCommand {
  CommandKind kind = CommandKind::kWait;
  std::size_t line = 0;
  std::string text;           // the line as it stands
  std::uint32_t offset = 0;   // register: byte offset in the register window
  std::uint64_t address = 0;  // memory
  std::uint64_t size = 0;     // load_mem, dump_mem
  std::uint32_t mask = 0;
  std::uint32_t value = 0;  // data, or expected value
  std::string file;
};

class TraceReader {
 public:
  explicit TraceReader(const std::string& path) : source_(path) {}

  // False at the end of the trace.
  bool next(TraceCommand& command);
  [[nodiscard]] double fraction() const { return source_.fraction(); }
  [[nodiscard]] const std::string& path() const { return source_.path(); }

 private:
  void parse(TraceCommand& command);
  [[noreturn]] void fail(const std::string& what) const;
  std::uint64_t number(std::string_view word, std::uint64_t largest) const;
  std::uint32_t register_offset(std::string_view word) const;

  TextSource source_;
  std::string line_;
  std::vector<std::string_view> words_;  // of line_
};

}  // namespace nvdla::host
