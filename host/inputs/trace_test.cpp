// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/trace_test.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <limits>
#include <string_view>

#include "host/memory_file.h"
#include "host/text_source.h"
#include "registers/register_map.h"

namespace nvdla::host {
namespace {

using Kind = TestStatement::Kind;
using registers::RegisterInfo;
using registers::RegisterMap;

struct Syntax {
  std::string_view name;
  Kind kind;
  std::size_t least, most;  // arguments
};
constexpr std::array<Syntax, 15> kSyntax{{{"reg_write", Kind::kWrite, 2, 2},
                                          {"reg_read", Kind::kRead, 2, 2},
                                          {"reg_read_check", Kind::kReadCheck, 2, 2},
                                          {"poll_reg_equal", Kind::kPoll, 2, 2},
                                          {"poll_field_equal", Kind::kPoll, 2, 2},
                                          {"sync_notify", Kind::kNotify, 2, 2},
                                          {"sync_wait", Kind::kWait, 2, 2},
                                          {"intr_notify", Kind::kInterrupt, 2, 2},
                                          {"mem_init", Kind::kFill, 4, 5},
                                          {"mem_load", Kind::kLoad, 3, 4},
                                          {"mem_reserve", Kind::kRegion, 3, 5},
                                          {"mem_release", Kind::kRegion, 2, 5},
                                          {"check_crc", Kind::kCheckCrc, 5, 5},
                                          {"check_file", Kind::kCheckFile, 5, 5},
                                          {"check_nothing", Kind::kCheckNothing, 1, 1}}};

struct PatternName {
  std::string_view name;
  FillPattern pattern;
};
// X is stored as 0: the vendor's memory keeps two-valued bits.
constexpr std::array<PatternName, 7> kPatterns{{{"ALL_ZERO", FillPattern::kZero},
                                                {"X", FillPattern::kZero},
                                                {"ONES", FillPattern::kOnes},
                                                {"AFIVE", FillPattern::kA5},
                                                {"FIVEA", FillPattern::k5A},
                                                {"ADDR", FillPattern::kAddress},
                                                {"RANDOM", FillPattern::kRandom}}};

std::string_view trimmed(std::string_view text) {
  const auto space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  return result;
}

std::string_view without_comment(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (!quoted && line.substr(i, 2) == "//") return line.substr(0, i);
  }
  return line;
}

// "NVDLA_CDMA" -> "CDMA"
std::string unit_of(std::string_view block) {
  std::string name = upper(block);
  if (name.rfind("NVDLA_", 0) == 0) name.erase(0, 6);
  return name;
}

class TestReader {
 public:
  TestReader(const std::string& path, Generation generation)
      : source_(path), map_(RegisterMap::of(generation)) {}

  std::vector<TestStatement> read() {
    std::vector<TestStatement> statements;
    while (source_.next(line_)) {
      const std::string_view code = trimmed(without_comment(line_));
      if (code.empty()) continue;
      statements.push_back(parse(code));
    }
    return statements;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw InputError(source_.at_line(what + ": " + line_));
  }

  void split(std::string_view code) {
    const std::size_t open = code.find('(');
    const std::size_t close = code.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
        trimmed(code.substr(close + 1)) != ";") {
      fail(source_.cut() ? "the file ends in the middle of a line" : "not a statement NAME(ARGUMENTS);");
    }
    name_ = trimmed(code.substr(0, open));
    arguments_.clear();
    std::string_view rest = code.substr(open + 1, close - open - 1);
    for (;;) {
      const std::size_t comma = rest.find(',');
      arguments_.push_back(trimmed(rest.substr(0, comma)));
      if (comma == std::string_view::npos) return;
      rest.remove_prefix(comma + 1);
    }
  }

  [[nodiscard]] std::uint64_t number(std::string_view word, std::uint64_t largest) const {
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
  [[nodiscard]] std::uint32_t number32(std::string_view word) const {
    return static_cast<std::uint32_t>(number(word, std::numeric_limits<std::uint32_t>::max()));
  }

  [[nodiscard]] std::string quoted(std::string_view word) const {
    if (word.size() < 3 || word.front() != '"' || word.back() != '"')
      fail("'" + std::string(word) + "' is not a file name in quotes");
    return std::string(word.substr(1, word.size() - 2));
  }

  [[nodiscard]] MemorySpace memory(std::string_view word) const {
    const std::string name = upper(word);
    if (name == "PRI_MEM" || name == "1") return MemorySpace::kDbb;
    if (name == "SEC_MEM") return MemorySpace::kCvsram;
    fail("'" + std::string(word) + "' is not a memory (pri_mem, sec_mem)");
  }

  [[nodiscard]] FillPattern pattern(std::string_view word) const {
    const auto* const found = std::find_if(kPatterns.begin(), kPatterns.end(),
                                           [&](const PatternName& known) { return known.name == word; });
    if (found != kPatterns.end()) return found->pattern;
    std::string known;
    for (const PatternName& one : kPatterns) known += (known.empty() ? "" : ", ") + std::string(one.name);
    fail("unknown pattern '" + std::string(word) + "' (" + known + ")");
  }

  void take_register(TestStatement& statement, std::string_view word, bool with_field) const {
    const std::size_t dot = word.find('.');
    if (dot == std::string_view::npos) fail("'" + std::string(word) + "' is not NVDLA_UNIT.REGISTER_0");
    statement.block = unit_of(word.substr(0, dot));
    std::string_view name = word.substr(dot + 1);
    std::string_view field;
    if (with_field) {
      const std::size_t second = name.find('.');
      if (second == std::string_view::npos)
        fail("'" + std::string(word) + "' is not NVDLA_UNIT.REGISTER_0.FIELD");
      field = name.substr(second + 1);
      name = name.substr(0, second);
    }
    if (name.size() > 2 && name.substr(name.size() - 2) == "_0") name.remove_suffix(2);
    const auto unit = unit_from_name(statement.block);
    const std::size_t index = unit ? map_.find(*unit, name) : RegisterMap::kNone;
    if (index == RegisterMap::kNone) fail(unknown(statement.block, name));
    const RegisterInfo& info = map_[index];
    statement.offset = info.offset;
    if (!with_field) return;
    const registers::FieldInfo* const found = info.find(field);
    if (found == nullptr) fail(info.full_name() + " has no field " + std::string(field));
    if ((statement.value & ~found->mask()) != 0)
      fail(std::string(field) + " has " + std::to_string(found->width) + " bits");
    statement.mask = found->mask() << found->lsb;
    statement.value <<= found->lsb;
  }

  [[nodiscard]] std::string unknown(const std::string& unit, std::string_view name) const {
    std::string text =
        "register map " + std::string(map_.name()) + " has no register " + unit + "." + std::string(name);
    for (const Generation other : {Generation::kV1, Generation::kScalable}) {
      const RegisterMap& map = RegisterMap::of(other);
      const auto known = unit_from_name(unit);
      if (&map == &map_ || !known || map.find(*known, name) == RegisterMap::kNone) continue;
      text += "; that of " + std::string(map.name()) + " has it: choose with --config";
    }
    return text;
  }

  // "SDP_0" -> the bit of GLB.S_INTR_STATUS.SDP_DONE_STATUS0
  [[nodiscard]] std::uint32_t interrupt(std::string_view word) const {
    const std::string name = upper(word);
    const std::size_t bar = name.rfind('_');
    const RegisterInfo& status = map_[map_.find(Unit::kGlb, "S_INTR_STATUS")];
    const registers::FieldInfo* field = nullptr;
    if (bar != std::string::npos)
      field = status.find(name.substr(0, bar) + "_DONE_STATUS" + name.substr(bar + 1));
    if (field == nullptr)
      fail("'" + std::string(word) + "' is not an interrupt source and group (SDP_0, CDMA_DAT_1, ...)");
    return 1U << field->lsb;
  }

  [[nodiscard]] std::string argument(std::size_t index) const {
    return index < arguments_.size() ? std::string(arguments_[index]) : std::string();
  }

  TestStatement parse(std::string_view code) {
    split(code);
    const auto* const syntax = std::find_if(kSyntax.begin(), kSyntax.end(),
                                            [&](const Syntax& known) { return known.name == name_; });
    if (syntax == kSyntax.end()) fail("unknown statement '" + std::string(name_) + "'");
    if (arguments_.size() < syntax->least || arguments_.size() > syntax->most) {
      fail(std::string(name_) + " has " + std::to_string(syntax->least) +
           (syntax->most == syntax->least ? "" : " to " + std::to_string(syntax->most)) + " arguments, not " +
           std::to_string(arguments_.size()));
    }
    TestStatement statement;
    statement.kind = syntax->kind;
    statement.line = source_.line_number();
    statement.text = line_;
    fill_in(statement);
    return statement;
  }

  void fill_in(TestStatement& statement) const {
    switch (statement.kind) {
      case Kind::kWrite:
      case Kind::kReadCheck:
      case Kind::kPoll:
        statement.value = number32(arguments_[1]);
        take_register(statement, arguments_[0], name_ == "poll_field_equal");
        break;
      case Kind::kRead:
        take_register(statement, arguments_[0], false);
        break;
      case Kind::kNotify:
      case Kind::kWait:
        statement.block = unit_of(arguments_[0]);
        if (!unit_from_name(statement.block))
          fail("'" + std::string(arguments_[0]) + "' is not a unit (NVDLA_CDMA, ...)");
        statement.sync = argument(1);
        break;
      case Kind::kInterrupt:
        statement.value = interrupt(arguments_[0]);
        statement.sync = argument(1);
        break;
      case Kind::kFill:
      case Kind::kLoad:
        take_contents(statement);
        break;
      case Kind::kRegion:
        break;
      case Kind::kCheckCrc:
      case Kind::kCheckFile:
        statement.space = memory(arguments_[1]);
        statement.address = number(arguments_[2], std::numeric_limits<std::uint64_t>::max());
        statement.size = number(arguments_[3], std::numeric_limits<std::uint64_t>::max());
        if (statement.kind == Kind::kCheckCrc) {
          statement.value = number32(arguments_[4]);
        } else {
          statement.file = quoted(arguments_[4]);
        }
        [[fallthrough]];
      case Kind::kCheckNothing:
        statement.sync = argument(0);
        break;
    }
    const bool needs_id = statement.kind == Kind::kNotify || statement.kind == Kind::kWait ||
                          statement.kind == Kind::kInterrupt || statement.kind == Kind::kCheckCrc ||
                          statement.kind == Kind::kCheckFile || statement.kind == Kind::kCheckNothing;
    if (needs_id && statement.sync.empty()) fail("no id");
  }

  void take_contents(TestStatement& statement) const {
    statement.space = memory(arguments_[0]);
    statement.address = number(arguments_[1], std::numeric_limits<std::uint64_t>::max());
    if (statement.kind == Kind::kLoad) {
      statement.file = quoted(arguments_[2]);
      statement.sync = argument(3);
      return;
    }
    statement.pattern = pattern(arguments_[3]);
    statement.sync = argument(4);
    if (arguments_[2].empty() || arguments_[2].front() != '"') {
      statement.size = number(arguments_[2], std::numeric_limits<std::uint64_t>::max());
      return;
    }
    // As large as the file's contents.
    const auto path = std::filesystem::path(source_.path()).parent_path() / quoted(arguments_[2]);
    try {
      statement.size = read_surface_file(path.string()).end;
    } catch (const InputError& error) {
      fail(error.what());
    }
  }

  TextSource source_;
  const RegisterMap& map_;
  std::string line_;
  std::string_view name_;
  std::vector<std::string_view> arguments_;
};

}  // namespace

std::vector<TestStatement> read_trace_test(const std::string& path, Generation generation) {
  return TestReader(path, generation).read();
}

}  // namespace nvdla::host
