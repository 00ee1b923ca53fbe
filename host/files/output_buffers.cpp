// SPDX-License-Identifier: Apache-2.0
#include "host/files/output_buffers.h"

#include <unistd.h>

#include <cerrno>
#include <new>

namespace nvdla::host {
namespace {

constexpr std::size_t kBufferBytes = 65536;
constexpr int kGzipWindow = 15 + 16;  // largest window, gzip header and trailer
// Traces are numbers that repeat: the fastest level is within 30 % of the size of the default.
constexpr int kLevel = 1;
constexpr int kMemoryLevel = 8;  // zlib's default

}  // namespace

DescriptorBuffer::DescriptorBuffer(int descriptor) : descriptor_(descriptor), buffer_(kBufferBytes) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

bool DescriptorBuffer::write_all(const char* data, std::size_t size) {
  while (size > 0 && error_ == 0) {
    const ssize_t written = ::write(descriptor_, data, size);
    if (written < 0) {
      if (errno != EINTR) error_ = errno;
      continue;
    }
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return error_ == 0;
}

bool DescriptorBuffer::flush_buffer() {
  const bool good = write_all(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return good;
}

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type character) {
  if (!flush_buffer()) return traits_type::eof();
  if (!traits_type::eq_int_type(character, traits_type::eof())) sputc(traits_type::to_char_type(character));
  return traits_type::not_eof(character);
}

std::streamsize DescriptorBuffer::xsputn(const char* data, std::streamsize size) {
  if (size < epptr() - pptr()) return std::streambuf::xsputn(data, size);
  if (!flush_buffer() || !write_all(data, static_cast<std::size_t>(size))) return 0;
  return size;
}

int DescriptorBuffer::sync() { return flush_buffer() ? 0 : -1; }

GzipBuffer::GzipBuffer(std::streambuf& target)
    : target_(target), buffer_(kBufferBytes), packed_(kBufferBytes) {
  if (deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

GzipBuffer::~GzipBuffer() { deflateEnd(&stream_); }

bool GzipBuffer::deflate_buffer(int flush) {
  stream_.next_in = reinterpret_cast<Bytef*>(pbase());
  stream_.avail_in = static_cast<uInt>(pptr() - pbase());
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  do {
    stream_.next_out = reinterpret_cast<Bytef*>(packed_.data());
    stream_.avail_out = static_cast<uInt>(packed_.size());
    (void)deflate(&stream_, flush);  // cannot fail: the state is ours and there is room
    const auto size = static_cast<std::streamsize>(packed_.size() - stream_.avail_out);
    if (target_.sputn(packed_.data(), size) != size) return false;
  } while (stream_.avail_out == 0);
  return true;
}

GzipBuffer::int_type GzipBuffer::overflow(int_type character) {
  if (!deflate_buffer(Z_NO_FLUSH)) return traits_type::eof();
  if (!traits_type::eq_int_type(character, traits_type::eof())) sputc(traits_type::to_char_type(character));
  return traits_type::not_eof(character);
}

bool GzipBuffer::finish() { return deflate_buffer(Z_FINISH); }

}  // namespace nvdla::host
