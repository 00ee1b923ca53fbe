// SPDX-License-Identifier: Apache-2.0
#include "host/text_source.h"

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace nvdla::host {

TextSource::TextSource(const std::string& path) : path_(path), file_(path, std::ios::binary) {
  if (!file_) throw InputError(path + ": " + std::strerror(errno));
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw InputError(path + ": is a directory");
  file_bytes_ = std::filesystem::file_size(path, error);
  if (error) file_bytes_ = 0;  // a pipe: no progress, nothing else changes

  const bool gzip = file_.get() == 0x1f && file_.get() == 0x8b;
  file_.clear();
  file_.seekg(0);
  auto stream = std::make_unique<boost::iostreams::filtering_istream>();
  if (gzip) stream->push(boost::iostreams::gzip_decompressor());
  stream->push(file_);
  stream_ = std::move(stream);
}

TextSource::~TextSource() = default;

bool TextSource::next(std::string& line) {
  if (!std::getline(*stream_, line)) {
    if (stream_->bad()) {
      throw InputError(path_ + ":" + std::to_string(line_number_ + 1) + ": damaged or truncated gzip data");
    }
    return false;
  }
  ++line_number_;
  cut_ = stream_->eof();
  if (stream_->bad()) throw InputError(at_line("damaged or truncated gzip data"));
  if (line.find('\0') != std::string::npos) throw InputError(at_line("binary data where text is expected"));
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

double TextSource::fraction() {
  if (file_bytes_ == 0) return 0;
  const auto position = file_.eof() ? std::streamoff(-1) : std::streamoff(file_.tellg());
  return position < 0 ? 1.0 : static_cast<double>(position) / static_cast<double>(file_bytes_);
}

std::string TextSource::at_line(const std::string& text) const {
  return path_ + ":" + std::to_string(line_number_) + ": " + text;
}

}  // namespace nvdla::host
