// SPDX-License-Identifier: Apache-2.0
#include "host/trace_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

namespace nvdla::host {
namespace {

struct Syntax {
  std::string_view name;
  CommandKind kind;
  std::size_t arguments;
};

constexpr std::array<Syntax, 8> kSyntax{{{"write_reg", CommandKind::kWriteReg, 2},
                                         {"read_reg", CommandKind::kReadReg, 3},
                                         {"until", CommandKind::kUntil, 2},
                                         {"wait", CommandKind::kWait, 0},
                                         {"write_mem", CommandKind::kWriteMem, 2},
                                         {"read_mem", CommandKind::kReadMem, 3},
                                         {"load_mem", CommandKind::kLoadMem, 3},
                                         {"dump_mem", CommandKind::kDumpMem, 3}}};

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t kRegisterBase = 0xffff0000U;
constexpr std::uint32_t kWindowBytes = 0x20000;  // of the register window
constexpr std::size_t kFullNumber = 10;          // 0x and eight digits

// As isspace() of the C locale.
constexpr bool space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

void split(std::string_view line, std::vector<std::string_view>& words) {
  words.clear();
  const std::string_view text = line.substr(0, line.find('#'));
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && space(text[at])) ++at;
    const std::size_t first = at;
    while (at < text.size() && !space(text[at])) ++at;
    if (at > first) words.push_back(text.substr(first, at - first));
  }
}

}  // namespace

void TraceReader::fail(const std::string& what) const {
  throw InputError(source_.at_line(what + ": " + line_));
}

std::uint64_t TraceReader::number(std::string_view word, std::uint64_t largest) const {
  const bool hexadecimal = word.size() > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
  const char* first = word.data() + (hexadecimal ? 2 : 0);
  const char* last = word.data() + word.size();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(first, last, value, hexadecimal ? 16 : 10);
  if (error == std::errc::result_out_of_range || (error == std::errc() && end == last && value > largest)) {
    fail("the number " + std::string(word) + " is too large");
  }
  if (error != std::errc() || end != last) fail("'" + std::string(word) + "' is not a number");
  return value;
}

std::uint32_t TraceReader::register_offset(std::string_view word) const {
  const auto address = static_cast<std::uint32_t>(number(word, kMax32));
  if (address < kWindowBytes && address % 4 == 0) return address;
  if (address < kRegisterBase) {
    fail("'" + std::string(word) +
         "' is not a register address (0xffff0000 + byte offset / 4, or a byte offset that is a multiple of "
         "4)");
  }
  return (address - kRegisterBase) * 4;
}

bool TraceReader::next(TraceCommand& command) {
  while (source_.next(line_)) {
    split(line_, words_);
    if (words_.empty()) continue;
    parse(command);
    return true;
  }
  return false;
}

void TraceReader::parse(TraceCommand& command) {
  const auto syntax = std::find_if(kSyntax.begin(), kSyntax.end(),
                                   [&](const Syntax& known) { return known.name == words_[0]; });
  if (syntax == kSyntax.end()) {
    fail(source_.cut() ? "the trace ends in the middle of a line"
                       : "unknown command '" + std::string(words_[0]) + "'");
  }
  if (words_.size() - 1 < syntax->arguments) {
    fail(source_.cut() ? "the trace ends in the middle of a line"
                       : std::string(words_[0]) + " needs " + std::to_string(syntax->arguments) +
                             " arguments, not " + std::to_string(words_.size() - 1));
  }
  if (words_.size() - 1 > syntax->arguments)
    fail("unexpected '" + std::string(words_[syntax->arguments + 1]) + "' after the command");
  if (source_.cut() && syntax->arguments > 0 && words_.back().size() < kFullNumber &&
      line_.find('#') == std::string::npos) {
    fail("the trace ends in the middle of a line (or its last line needs a newline)");
  }

  command = TraceCommand{};
  command.kind = syntax->kind;
  command.line = source_.line_number();
  command.text = line_;
  switch (syntax->kind) {
    case CommandKind::kWriteReg:
    case CommandKind::kUntil:
      command.offset = register_offset(words_[1]);
      command.value = static_cast<std::uint32_t>(number(words_[2], kMax32));
      break;
    case CommandKind::kReadReg:
      command.offset = register_offset(words_[1]);
      command.mask = static_cast<std::uint32_t>(number(words_[2], kMax32));
      command.value = static_cast<std::uint32_t>(number(words_[3], kMax32));
      break;
    case CommandKind::kWait:
      break;
    case CommandKind::kWriteMem:
      command.address = number(words_[1], kMax64);
      command.value = static_cast<std::uint32_t>(number(words_[2], kMax32));
      break;
    case CommandKind::kReadMem:
      command.address = number(words_[1], kMax64);
      command.mask = static_cast<std::uint32_t>(number(words_[2], kMax32));
      command.value = static_cast<std::uint32_t>(number(words_[3], kMax32));
      break;
    case CommandKind::kLoadMem:
    case CommandKind::kDumpMem:
      command.address = number(words_[1], kMax64);
      command.size = number(words_[2], kMax64);
      command.file = words_[3];
      break;
    default:
      break;
  }
}

}  // namespace nvdla::host
