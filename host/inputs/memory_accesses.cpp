// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/memory_accesses.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

#include "host/inputs/input_kind.h"

namespace nvdla::host {
namespace {

bool space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

MemoryAccessReader::MemoryAccessReader(const std::string& path) : path_(path) {
  if (input_kind(path) == InputKind::kVpLog) {
    log_ = std::make_unique<VpLogReader>(path);
  } else {
    list_ = std::make_unique<TextSource>(path);
  }
}

double MemoryAccessReader::fraction() { return log_ ? log_->fraction() : list_->fraction(); }

bool MemoryAccessReader::next(MemoryAccess& access) {
  if (!log_) return next_of_list(access);
  VpAccess told;
  while (log_->next(told)) {
    if (told.port != VpAccess::Port::kDbb && told.port != VpAccess::Port::kSram) continue;
    access = {told.port == VpAccess::Port::kDbb ? MemorySpace::kDbb : MemorySpace::kCvsram, told.write,
              told.address, told.length, told.line};
    return true;
  }
  return false;
}

bool MemoryAccessReader::next_of_list(MemoryAccess& access) {
  std::string line;
  while (list_->next(line)) {
    const std::string_view text = trimmed(std::string_view(line).substr(0, line.find('#')));
    if (text.empty()) continue;
    access = MemoryAccess{};
    access.write = text.front() == 'w';
    access.line = list_->line_number();
    std::string_view word = trimmed(text.substr(1));
    if (word.rfind("0x", 0) == 0) word.remove_prefix(2);
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), access.address, 16);
    const bool separated = text.size() > 1 && space(text[1]);
    if ((text.front() != 'r' && text.front() != 'w') || !separated || error != std::errc() ||
        end != word.data() + word.size()) {
      throw InputError(list_->at_line("not 'r ADDRESS' or 'w ADDRESS': " + line));
    }
    return true;
  }
  return false;
}

bool MemoryAccessBursts::next(DmaBurst& burst) {
  if (!reader_.next(access_)) return false;
  burst = DmaBurst{};
  burst.port = access_.space;
  burst.write = access_.write;
  burst.address = access_.address / bus_bytes_ * bus_bytes_;
  const std::uint64_t last = access_.address + std::max<std::uint64_t>(access_.length, 1) - 1;
  burst.beats = static_cast<std::uint32_t>(last / bus_bytes_ - access_.address / bus_bytes_ + 1);
  return true;
}

std::string MemoryAccessBursts::at_line(const std::string& text) const {
  return reader_.path() + ":" + std::to_string(access_.line) + ": " + text;
}

}  // namespace nvdla::host
