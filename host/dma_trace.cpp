// SPDX-License-Identifier: Apache-2.0
#include "host/dma_trace.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace nvdla::host {
namespace {

constexpr std::string_view kHeader = "cycle,port,access,client,address,beats";

template <typename Number>
void append(std::string& text, Number number, int base = 10) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  text.append(digits.data(), end);
}

template <typename Number>
bool parse(std::string_view text, Number& number, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Client> client_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kClients; ++i) {
    const auto client = static_cast<Client>(i);
    if (client_name(client) == name) return client;
  }
  return std::nullopt;
}

}  // namespace

DmaTraceWriter::DmaTraceWriter(const std::string& path) : file_(path), path_(path) {
  file_.stream() << kHeader << '\n';
}

void DmaTraceWriter::write(const DmaBurst& burst) {
  row_.clear();
  append(row_, burst.cycle);
  row_ += burst.port == MemorySpace::kDbb ? ",DBB," : ",CVSRAM,";
  row_ += burst.write ? "W," : "R,";
  row_ += client_name(burst.client);
  row_ += ',';
  append(row_, burst.address, 16);
  row_ += ',';
  append(row_, burst.beats);
  row_ += '\n';
  file_.stream().write(row_.data(), static_cast<std::streamsize>(row_.size()));
  // Now, not after an hour more of simulation.
  if (file_.failed()) file_.commit();
}

DmaTraceReader::DmaTraceReader(const std::string& path) : source_(path) {
  if (!source_.next(line_) || line_ != kHeader) {
    throw InputError(source_.path() + ":1: not a DMA trace: its first line must be " + std::string(kHeader));
  }
}

bool DmaTraceReader::next(DmaBurst& burst) {
  do {
    if (!source_.next(line_)) {
      if (empty_) throw InputError(source_.path() + ": the trace has no bursts");
      return false;
    }
  } while (line_.empty());
  if (source_.cut())
    throw InputError(source_.at_line("the last row ends without a newline: the trace may be cut: " + line_));
  std::array<std::string_view, 6> cells;
  std::string_view rest = line_;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t comma = rest.find(',');
    if ((comma == std::string_view::npos) != (i + 1 == cells.size())) {
      throw InputError(source_.at_line("a row has six cells (" + std::string(kHeader) + "): " + line_));
    }
    cells[i] = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  const auto fail = [&](const char* what, std::string_view cell) {
    throw InputError(source_.at_line(std::string(what) + " '" + std::string(cell) + "': " + line_));
  };
  if (!parse(cells[0], burst.cycle) || burst.cycle < 0) fail("not a cycle:", cells[0]);
  if (burst.cycle > kFarthest) fail("a cycle later than 2^50, which no simulation reaches:", cells[0]);
  if (cells[1] != "DBB" && cells[1] != "CVSRAM") fail("not a port (DBB, CVSRAM):", cells[1]);
  if (cells[2] != "R" && cells[2] != "W") fail("not an access (R, W):", cells[2]);
  const auto client = client_from_name(cells[3]);
  if (!client) fail("not a client:", cells[3]);
  if (!parse(cells[4], burst.address, 16)) fail("not a hexadecimal address:", cells[4]);
  if (!parse(cells[5], burst.beats) || burst.beats == 0 || burst.beats > 4096)
    fail("not a number of beats:", cells[5]);
  if (burst.cycle < last_cycle_) fail("time runs backwards at cycle", cells[0]);
  burst.port = cells[1] == "DBB" ? MemorySpace::kDbb : MemorySpace::kCvsram;
  burst.write = cells[2] == "W";
  burst.client = *client;
  last_cycle_ = burst.cycle;
  empty_ = false;
  return true;
}

}  // namespace nvdla::host
