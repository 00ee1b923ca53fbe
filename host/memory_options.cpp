// SPDX-License-Identifier: Apache-2.0
#include "host/memory_options.h"

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>

#include "host/files/numbers.h"

namespace nvdla::host {
namespace {

[[noreturn]] void fail(std::string_view option, const std::string& why) {
  throw std::invalid_argument(std::string(option) + ": " + why);
}

std::uint64_t whole(std::string_view option, const std::string& key, const std::string& text,
                    std::uint64_t largest = std::numeric_limits<std::uint64_t>::max()) {
  const auto value = parse_whole(text, largest);
  if (!value) {
    fail(option, key + "=" + text + " is not a whole number from 0 to " + std::to_string(largest) +
                     " (decimal without leading zeros, or hexadecimal with 0x)");
  }
  return *value;
}

std::uint32_t whole32(std::string_view option, const std::string& key, const std::string& text) {
  return static_cast<std::uint32_t>(whole(option, key, text, std::numeric_limits<std::uint32_t>::max()));
}

double real(std::string_view option, const std::string& key, const std::string& text) {
  const auto value = parse_real(text);
  if (!value) fail(option, key + "=" + text + " is not a number");
  return *value;
}

}  // namespace

MemoryOptions parse_memory_options(std::string_view option, std::string_view text,
                                   const MemoryOptions& defaults) {
  MemoryOptions options = defaults;
  std::set<std::string> given;
  std::size_t first = 0;
  while (first <= text.size()) {
    const std::size_t end = std::min(text.find(',', first), text.size());
    const std::string item(text.substr(first, end - first));
    first = end + 1;
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) fail(option, "'" + item + "' is not of the form KEY=VALUE");
    const std::string key = item.substr(0, equals);
    if (!given.insert(key).second) fail(option, "'" + key + "' is given twice");
    const std::string value = item.substr(equals + 1);
    if (key == "latency") {
      options.latency = whole32(option, key, value);
    } else if (key == "bandwidth") {
      options.bytes_per_cycle = real(option, key, value);
    } else if (key == "max_outstanding") {
      options.max_outstanding = whole32(option, key, value);
    } else if (key == "base") {
      options.base = whole(option, key, value);
    } else if (key == "size") {
      options.size = whole(option, key, value);
    } else {
      fail(option, "unknown key '" + key + "' (known: latency, bandwidth, max_outstanding, base, size)");
    }
  }
  check_memory_options(option, options);
  return options;
}

void check_memory_options(std::string_view option, const MemoryOptions& options) {
  memory::check(option, options);
  if (options.size == 0) fail(option, "size must not be 0");
}

}  // namespace nvdla::host
