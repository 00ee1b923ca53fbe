// SPDX-License-Identifier: Apache-2.0
// Value change dumps (VCD, IEEE 1800 clause 21.7), streamed: of the signals, those are kept whose names the
// caller wants, of the values the last ones of these. A waveform of gigabytes therefore takes no more memory
// than a short one.
//
// Limits: four-state VCD as $dumpvars writes it; extended VCD ($dumpports) is refused. Reals and strings are
// skipped.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nvdla::host {

struct WaveSignal {
  std::string scope;        // "bench.dut"
  std::string name;         // without its range
  std::uint32_t width = 1;  // bits
  std::uint32_t lsb = 0;    // place of the lowest bit, of its range [msb:lsb]
  std::uint32_t net = 0;    // signals of one net have one value
};

class VcdReader {
 public:
  // Puts up to `size` bytes at `data`; 0 at the end.
  using Feed = std::function<std::size_t(char* data, std::size_t size)>;
  using Wanted = std::function<bool(std::string_view name)>;

  // Reads the definitions. `file` is for messages. Throws InputError "file:line: what".
  VcdReader(std::string file, Feed feed, const Wanted& wanted);

  [[nodiscard]] const std::vector<WaveSignal>& signals() const { return signals_; }
  // Number of nets; they count from 0.
  [[nodiscard]] std::uint32_t nets() const { return nets_; }

  enum class Event : std::uint8_t { kTime, kValue, kEnd };
  // The next step of time, or the next value of a wanted net. Throws InputError, also for a file whose last
  // line is cut.
  Event next();
  [[nodiscard]] std::uint64_t time() const { return time_; }  // in units of the file
  [[nodiscard]] std::uint32_t net() const { return net_; }
  // 0, 1, x, z, the highest bit first; shorter than the signal: extended on the left, with 0 for 0 and 1.
  [[nodiscard]] std::string_view bits() const { return bits_; }

  [[nodiscard]] const std::string& file() const { return file_; }
  [[noreturn]] void fail(const std::string& what) const;

 private:
  bool token(std::string_view& word);
  std::string_view need(const char* what);
  void skip_to_end();
  void read_definitions(const Wanted& wanted);
  void define(const Wanted& wanted);
  [[nodiscard]] bool refill();
  [[nodiscard]] bool find_net(std::string_view code);
  void read_time(std::string_view digits);

  std::string file_;
  Feed feed_;
  std::vector<char> buffer_;
  std::size_t first_ = 0, last_ = 0;
  std::string spilled_;  // a word that lies across the end of the buffer
  std::size_t line_ = 1;
  bool ended_ = false, ends_with_space_ = true;

  std::vector<std::string> scopes_;
  std::vector<WaveSignal> signals_;
  std::unordered_map<std::string, std::uint32_t> codes_;
  std::vector<bool> maybe_;  // by hash of a code: it may be wanted
  std::uint32_t nets_ = 0;

  std::uint64_t time_ = 0;
  bool timed_ = false;
  std::uint32_t net_ = 0;
  std::string bits_;
};

}  // namespace nvdla::host
