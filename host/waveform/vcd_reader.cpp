// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/vcd_reader.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "host/files/byte_source.h"
#include "host/text_source.h"

namespace nvdla::host {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} << 10;
constexpr std::size_t kLongestWord = std::size_t{1} << 20;
constexpr std::size_t kDeepestScope = 1000;
constexpr std::size_t kMostSignals = 100'000;  // wanted ones: more is another kind of file
constexpr std::size_t kHashes = 1U << 16U;

bool space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

std::size_t hash(std::string_view code) {
  std::size_t value = 0;
  for (const char c : code) value = value * 94 + static_cast<unsigned char>(c);
  return value % kHashes;
}

template <typename Number>
bool parse(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

VcdReader::VcdReader(std::string file, Feed feed, const Wanted& wanted)
    : file_(std::move(file)), feed_(std::move(feed)), buffer_(kBuffer), maybe_(kHashes, false) {
  read_definitions(wanted);
}

void VcdReader::fail(const std::string& what) const {
  throw InputError(file_ + ":" + std::to_string(line_) + ": " + shortened(what));
}

bool VcdReader::refill() {
  if (ended_) return false;
  if (last_ > 0) ends_with_space_ = space(buffer_[last_ - 1]);
  first_ = 0;
  last_ = feed_(buffer_.data(), buffer_.size());
  ended_ = last_ == 0;
  return !ended_;
}

// The next word; valid until the next call. False at the end.
bool VcdReader::token(std::string_view& word) {
  for (;;) {
    while (first_ < last_ && space(buffer_[first_])) {
      if (buffer_[first_] == '\n') ++line_;
      ++first_;
    }
    if (first_ < last_) break;
    if (!refill()) return false;
  }
  const auto end_of_word = [&] {
    std::size_t end = first_;
    while (end < last_ && !space(buffer_[end])) {
      if (buffer_[end] == '\0') fail("binary data, not a value change dump");
      ++end;
    }
    return end;
  };
  std::size_t end = end_of_word();
  if (end < last_) {
    word = std::string_view(buffer_.data() + first_, end - first_);
    first_ = end;
    return true;
  }
  spilled_.assign(buffer_.data() + first_, end - first_);
  while (refill()) {
    end = end_of_word();
    spilled_.append(buffer_.data(), end);
    first_ = end;
    if (spilled_.size() > kLongestWord) fail("a word of more than 1 MiB: not a value change dump");
    if (end < last_) break;
  }
  if (ended_ && !ends_with_space_) fail("the file ends in the middle of a line: it may be cut");
  word = spilled_;
  return true;
}

std::string_view VcdReader::need(const char* what) {
  std::string_view word;
  if (!token(word)) fail(std::string("the file ends where ") + what + " should stand");
  return word;
}

void VcdReader::skip_to_end() {
  while (need("$end") != "$end") {
  }
}

void VcdReader::read_definitions(const Wanted& wanted) {
  for (;;) {
    const std::string_view word = need("$enddefinitions");
    if (word == "$scope") {
      (void)need("the kind of a scope");
      if (scopes_.size() == kDeepestScope) fail("scopes nest more than 1,000 deep");
      scopes_.emplace_back(need("the name of a scope"));
      skip_to_end();
    } else if (word == "$upscope") {
      if (scopes_.empty()) fail("$upscope without $scope");
      scopes_.pop_back();
      skip_to_end();
    } else if (word == "$var") {
      define(wanted);
    } else if (word == "$enddefinitions") {
      skip_to_end();
      return;
    } else if (word.front() == '$') {
      skip_to_end();
    } else {
      fail("not a value change dump: '" + std::string(word) + "' stands where a declaration should");
    }
  }
}

// $var TYPE WIDTH CODE NAME [RANGE] $end
void VcdReader::define(const Wanted& wanted) {
  const std::string type(need("the type of a signal"));
  WaveSignal signal;
  const std::string width(need("the width of a signal"));
  if (!parse(width, signal.width)) fail("not a width: '" + width + "'");
  const std::string code(need("the code of a signal"));
  std::string name(need("the name of a signal"));
  std::string range;
  for (std::string_view word = need("$end"); word != "$end"; word = need("$end")) range += word;
  if (name == "$end") fail("a signal without name");
  if (name.front() == '\\') {
    name.erase(0, 1);
  } else if (const std::size_t bracket = name.find('['); bracket != std::string::npos && bracket > 0) {
    range.insert(0, name.substr(bracket));
    name.resize(bracket);
  }
  if (type == "real" || type == "realtime" || type == "string" || !wanted(name)) return;
  if (type == "port") fail("extended VCD ($dumpports) is not read: dump with $dumpvars");
  if (!range.empty() && range.front() == '[' && range.back() == ']') {
    const std::size_t colon = range.rfind(':');
    std::uint32_t low = 0, high = 0;
    const std::string last = range.substr(colon == std::string::npos ? 1 : colon + 1);
    if (parse(std::string_view(last).substr(0, last.size() - 1), low)) signal.lsb = low;
    if (colon != std::string::npos && parse(std::string_view(range).substr(1, colon - 1), high))
      signal.lsb = std::min(low, high);
  }
  if (signals_.size() == kMostSignals) fail("more than 100,000 signals have names of NVDLA's ports");
  const auto [found, is_new] = codes_.emplace(code, nets_);
  if (is_new) {
    maybe_[hash(code)] = true;
    ++nets_;
  }
  signal.net = found->second;
  signal.name = name;
  for (const std::string& scope : scopes_) signal.scope += (signal.scope.empty() ? "" : ".") + scope;
  signals_.push_back(std::move(signal));
}

bool VcdReader::find_net(std::string_view code) {
  if (!maybe_[hash(code)]) return false;
  const auto found = codes_.find(std::string(code));
  if (found == codes_.end()) return false;
  net_ = found->second;
  return true;
}

void VcdReader::read_time(std::string_view digits) {
  std::uint64_t time = 0;
  if (!parse(digits, time)) fail("not a time: '#" + std::string(digits) + "'");
  if (timed_ && time < time_) fail("time runs backwards: '#" + std::string(digits) + "'");
  time_ = time;
  timed_ = true;
}

VcdReader::Event VcdReader::next() {
  std::string_view word;
  while (token(word)) {
    switch (word.front()) {
      case '#':
        read_time(word.substr(1));
        return Event::kTime;
      case '0':
      case '1':
      case 'x':
      case 'X':
      case 'z':
      case 'Z':
        if (word.size() < 2) fail("a value without a signal");
        if (!find_net(word.substr(1))) break;
        bits_.assign(1, word.front());
        return Event::kValue;
      case 'b':
      case 'B': {
        bits_.assign(word.substr(1));
        if (bits_.empty() || bits_.find_first_not_of("01xXzZ") != std::string::npos)
          fail("not a value: '" + std::string(word) + "'");
        if (find_net(need("the code of a signal"))) return Event::kValue;
        break;
      }
      case 'r':
      case 'R':
      case 's':
      case 'S':
        (void)need("the code of a signal");
        break;
      case '$':
        if (word == "$comment") skip_to_end();
        if (word == "$dumpports") fail("extended VCD ($dumpports) is not read: dump with $dumpvars");
        break;  // $dumpvars, $dumpon, $dumpoff, $dumpall, $end
      default:
        fail("not a value change: '" + std::string(word) + "'");
    }
  }
  return Event::kEnd;
}

}  // namespace nvdla::host
