// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/input_kind.h"

#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <optional>

#include "host/text_source.h"

namespace nvdla::host {
namespace {

// The platform's log begins with the boot of its operating system.
constexpr std::size_t kLines = 200000;

bool space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string_view first_word(std::string_view line) {
  while (!line.empty() && space(line.front())) line.remove_prefix(1);
  std::size_t end = 0;
  while (end < line.size() && !space(line[end])) ++end;
  return line.substr(0, end);
}

bool is_trace_command(std::string_view word) {
  for (const char* command :
       {"write_reg", "read_reg", "until", "wait", "write_mem", "read_mem", "load_mem", "dump_mem"})
    if (word == command) return true;
  return false;
}

// What the line can only be a part of.
std::optional<InputKind> kind_of_line(std::string_view line) {
  const std::string_view word = first_word(line);
  if (word.empty() || word.front() == '#') return std::nullopt;
  if (is_trace_command(word)) return InputKind::kTrace;
  if (line.find("_adaptor: GP:") != std::string_view::npos ||
      line.find("NV_NVDLA_csb_master") != std::string_view::npos)
    return InputKind::kVpLog;
  if (line.rfind("cycle,port,access", 0) == 0) return InputKind::kDmaTrace;
  if (word == "r" || word == "w") return InputKind::kMemoryList;
  for (const char* statement : {"reg_", "poll_", "mem_", "check_", "intr_", "sync_"}) {
    if (word.rfind(statement, 0) == 0 && line.find('(') != std::string_view::npos)
      return InputKind::kTraceTest;
  }
  return std::nullopt;
}

// FlatBuffers keep the identifier of the format behind the offset of the root.
bool has_loadable_identifier(const std::string& path) {
  std::array<char, 8> begin{};
  std::ifstream file(path, std::ios::binary);
  return file.read(begin.data(), begin.size()) && std::string_view(&begin[4], 4) == "NVDA";
}

}  // namespace

bool can_be_read_twice(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) || !std::filesystem::exists(path, ignored);
}

InputKind input_kind(const std::string& path) {
  if (path == "-" || !can_be_read_twice(path)) return InputKind::kTrace;
  if (has_loadable_identifier(path)) return InputKind::kLoadable;
  TextSource source(path);
  std::string line;
  bool first = true;
  for (std::size_t i = 0; i < kLines && source.next(line); ++i) {
    if (const auto kind = kind_of_line(line)) return *kind;
    const std::string_view word = first_word(line);
    if (first && !word.empty() && word.front() == '{') return InputKind::kRecording;
    first = first && word.empty();
  }
  return InputKind::kTrace;
}

std::string_view input_kind_name(InputKind kind) {
  switch (kind) {
    case InputKind::kTrace:
      return "a register trace";
    case InputKind::kTraceTest:
      return "a trace test of nvdla/hw";
    case InputKind::kVpLog:
      return "a log of the virtual platform";
    case InputKind::kMemoryList:
      return "a memory list";
    case InputKind::kDmaTrace:
      return "a DMA trace";
    case InputKind::kRecording:
      return "JSON";
    case InputKind::kLoadable:
      return "a compiled network";
  }
  return "";
}

}  // namespace nvdla::host
