// SPDX-License-Identifier: Apache-2.0
#include "validation/kernel_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string_view>
#include <tuple>

#include "host/text_source.h"

namespace nvdla::validation {
namespace {

constexpr std::string_view kIndex = " operation index ";

struct Processor {
  std::string_view name;
  Engine engine;
};
// As the driver calls them.
constexpr std::array<Processor, kEngines> kProcessors{{{"Convolution", Engine::kConv},
                                                       {"SDP", Engine::kSdp},
                                                       {"PDP", Engine::kPdp},
                                                       {"CDP", Engine::kCdp},
                                                       {"BDMA", Engine::kBdma},
                                                       {"RUBIK", Engine::kRubik}}};

struct Line {
  double ns = 0;
  bool enable = false;
  Engine engine = Engine::kConv;
  std::uint64_t index = 0, roi = 0;
};

// "   11.329986" in nanoseconds.
std::optional<double> time_of(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0) || seconds > 1e9)
    return std::nullopt;
  return seconds * 1e9;
}

std::optional<std::uint64_t> number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// Nothing: a line of something else.
std::optional<Line> parse(std::string_view text) {
  const std::size_t index = text.find(kIndex);
  if (index == std::string_view::npos) return std::nullopt;
  const std::size_t close = text.rfind(']', index);
  const std::size_t open = close == std::string_view::npos ? close : text.rfind('[', close);
  if (open == std::string_view::npos) return std::nullopt;
  Line line;
  const auto ns = time_of(text.substr(open + 1, close - open - 1));
  if (!ns) return std::nullopt;
  line.ns = *ns;
  std::string_view what = text.substr(close + 1, index - close - 1);
  while (!what.empty() && what.front() == ' ') what.remove_prefix(1);
  for (const auto& [word, enable] :
       {std::pair<std::string_view, bool>{"Enable ", true}, {"Completed ", false}}) {
    if (what.rfind(word, 0) != 0) continue;
    line.enable = enable;
    const std::string_view name = what.substr(word.size());
    const auto* const found = std::find_if(kProcessors.begin(), kProcessors.end(),
                                           [&](const Processor& one) { return one.name == name; });
    if (found == kProcessors.end()) return std::nullopt;
    line.engine = found->engine;
    std::string_view rest = text.substr(index + kIndex.size());
    const auto operation = number(rest);
    if (!operation) return std::nullopt;
    line.index = *operation;
    constexpr std::string_view kRoi = " ROI ";
    if (rest.rfind(kRoi, 0) == 0) {
      rest.remove_prefix(kRoi.size());
      line.roi = number(rest).value_or(0);
    }
    return line;
  }
  return std::nullopt;
}

}  // namespace

std::vector<LoggedOperation> read_kernel_log(const std::string& path) {
  host::TextSource source(path);
  std::vector<LoggedOperation> operations;
  std::map<std::tuple<Engine, std::uint64_t, std::uint64_t>, std::size_t> open;  // enabled, not completed
  std::array<std::uint32_t, kEngines> count{};
  bool enables = false;
  double begin = -1, last = 0;
  std::string text;
  while (source.next(text)) {
    const auto line = parse(text);
    if (!line) continue;
    if (begin < 0) begin = last = line->ns;
    if (line->ns < last) throw host::InputError(source.at_line("time runs backwards: " + text));
    last = line->ns;
    const auto key = std::make_tuple(line->engine, line->index, line->roi);
    const auto fail = [&](const char* what) { throw host::InputError(source.at_line(what + (": " + text))); };
    if (line->enable) {
      enables = true;
      if (!open.emplace(key, operations.size()).second) fail("enabled twice without being completed");
      operations.push_back(
          {line->engine, count[static_cast<std::size_t>(line->engine)]++, line->ns - begin, -1});
      continue;
    }
    const auto found = open.find(key);
    if (found == open.end()) {
      if (enables) fail("completed without being enabled");
      operations.push_back(
          {line->engine, count[static_cast<std::size_t>(line->engine)]++, std::nullopt, line->ns - begin});
      continue;
    }
    operations[found->second].completed_ns = line->ns - begin;
    open.erase(found);
  }
  if (operations.empty())
    throw host::InputError(path + ": no line \"[TIME] Completed PROCESSOR operation index N\" of the driver");
  if (!open.empty())
    throw host::InputError(path + ": " + std::to_string(open.size()) +
                           " operations are enabled and never completed (is the log complete?)");
  std::sort(operations.begin(), operations.end(), [](const LoggedOperation& a, const LoggedOperation& b) {
    return std::tie(a.engine, a.sequence) < std::tie(b.engine, b.sequence);
  });
  return operations;
}

}  // namespace nvdla::validation
