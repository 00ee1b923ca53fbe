// SPDX-License-Identifier: Apache-2.0
// Logs of NVIDIA's virtual platform (nvdla/vp), streamed: a log of a whole network has gigabytes. Of all
// lines these count, whatever stands before them:
//
//   csb_adaptor: GP: iswrite=1 addr=0x9020 len=4 data=0x 00000300 resp=TLM_OK_RESPONSE     a register access
//   dbb_adaptor: GP: iswrite=0 addr=0xc0001000 len=64 data=0x a54cb534 ... resp=...        memory, DBB
//   sram_adaptor: GP: ...                                                                  memory, CVSRAM
//   NV_NVDLA_csb_master.cpp: ...:Addr: 0x9020  then  Data: 0x300  and  Is write: 0x1       a register access
//
// Data are 32-bit words, the first of the lowest address. The same access may be told by both of the CSB:
// csb_adaptor's lines are taken when there are any, because they have what a read brought.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/program.h"
#include "host/text_source.h"

namespace nvdla::host {

struct VpAccess {
  enum class Port : std::uint8_t { kCsb, kCsbMaster, kDbb, kSram };
  Port port = Port::kCsb;
  bool write = false;
  bool ok = true;  // answered with TLM_OK_RESPONSE
  std::uint64_t address = 0;
  std::uint64_t length = 0;          // bytes
  std::vector<std::uint32_t> words;  // of what was written or read; empty: not told
  std::size_t line = 0;
};

class VpLogReader {
 public:
  // Throws InputError.
  explicit VpLogReader(const std::string& path) : source_(path) {}
  // False at the end. Throws InputError "file:line: what" for a line of an adaptor that is not as above.
  bool next(VpAccess& access);
  // Share of the file that has been read.
  [[nodiscard]] double fraction() { return source_.fraction(); }
  // The line of the last access as it stands in the file.
  [[nodiscard]] const std::string& text() const { return line_; }

 private:
  void parse_adaptor(std::string_view rest, VpAccess& access) const;
  bool parse_master(std::string_view rest, VpAccess& access);
  [[noreturn]] void fail(const std::string& what) const;

  TextSource source_;
  std::string line_;
  // Of csb_master: what has been told of the access under way.
  std::optional<std::uint64_t> master_address_, master_data_;
};

// Its register accesses. A read of the interrupt status that brought something waits for it (host/player.h).
[[nodiscard]] Program vp_log_program(const std::string& path);

}  // namespace nvdla::host
