// SPDX-License-Identifier: Apache-2.0
// Stream buffers that remember why a write failed: to a file descriptor, and through gzip in front of it.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <streambuf>
#include <vector>

namespace nvdla::host {

class DescriptorBuffer : public std::streambuf {
 public:
  // Does not close `descriptor`.
  explicit DescriptorBuffer(int descriptor);
  // errno of the first write that failed; 0: none. Nothing is written after it.
  [[nodiscard]] int error() const { return error_; }

 protected:
  int_type overflow(int_type character) override;
  std::streamsize xsputn(const char* data, std::streamsize size) override;
  int sync() override;

 private:
  bool flush_buffer();
  bool write_all(const char* data, std::size_t size);

  int descriptor_;
  int error_ = 0;
  std::vector<char> buffer_;
};

class GzipBuffer : public std::streambuf {
 public:
  explicit GzipBuffer(std::streambuf& target);
  ~GzipBuffer() override;
  GzipBuffer(const GzipBuffer&) = delete;
  GzipBuffer& operator=(const GzipBuffer&) = delete;

  // Writes the end of the gzip data. False: the target did not take all of it.
  bool finish();

 protected:
  int_type overflow(int_type character) override;

 private:
  bool deflate_buffer(int flush);

  std::streambuf& target_;
  z_stream stream_{};
  std::vector<char> buffer_, packed_;
};

}  // namespace nvdla::host
