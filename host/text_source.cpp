// SPDX-License-Identifier: Apache-2.0
#include "host/text_source.h"

#include <algorithm>
#include <cstring>

namespace nvdla::host {
namespace {

constexpr std::size_t kBufferBytes = 65536;
constexpr std::size_t kShown = 240;

}  // namespace

TextSource::TextSource(const std::string& path) : source_(path), buffer_(new char[kBufferBytes]) {}

bool TextSource::next(std::string& line) {
  line.clear();
  const std::size_t begun = line_number_ + 1;
  for (;;) {
    if (first_ == last_) {
      first_ = 0;
      last_ = source_.read(buffer_.get(), kBufferBytes);
      if (last_ == 0) break;
    }
    line_number_ = begun;
    const char* const begin = buffer_.get() + first_;
    const auto* const end = static_cast<const char*>(std::memchr(begin, '\n', last_ - first_));
    const std::size_t size = end == nullptr ? last_ - first_ : static_cast<std::size_t>(end - begin);
    if (line.size() + size > kLongestLine) {
      throw InputError(at_line("the line is longer than " + std::to_string(kLongestLine) +
                               " characters: is this a text file?"));
    }
    line.append(begin, size);
    first_ += size + (end == nullptr ? 0 : 1);
    if (end == nullptr) continue;
    if (line.find('\0') != std::string::npos) throw InputError(at_line("binary data where text is expected"));
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return true;
  }
  if (source_.damaged()) {
    line_number_ = begun;
    throw InputError(at_line("damaged or truncated gzip data"));
  }
  if (line_number_ != begun) return false;
  cut_ = true;
  if (line.find('\0') != std::string::npos) throw InputError(at_line("binary data where text is expected"));
  return true;
}

std::string TextSource::at_line(const std::string& text) const {
  return path() + ":" + std::to_string(line_number_) + ": " + shortened(text);
}

std::string shortened(const std::string& text) {
  if (text.size() <= kShown) return text;
  return text.substr(0, kShown) + "... (" + std::to_string(text.size() - kShown) + " characters more)";
}

}  // namespace nvdla::host
