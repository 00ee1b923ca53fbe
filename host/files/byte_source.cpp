// SPDX-License-Identifier: Apache-2.0
#include "host/files/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <vector>

namespace nvdla::host {
namespace {

constexpr std::size_t kBufferBytes = 65536;
constexpr int kGzipWindow = 15 + 16;  // largest window, gzip header and trailer
constexpr std::array<unsigned char, 2> kGzipMagic{0x1f, 0x8b};

}  // namespace

struct ByteSource::State {
  std::string name;
  int descriptor = -1;
  bool owned = true;
  std::uint64_t file_bytes = 0;  // 0: not known
  std::uint64_t taken = 0;
  const std::unique_ptr<char[]> buffer{new char[kBufferBytes]};  // not cleared: programs are short
  std::size_t first = 0, last = 0;                               // bytes in the buffer that are not used yet
  bool ended = false;
  bool gzip = false;
  bool member = false;  // inside a member of the gzip data
  bool damaged = false;
  z_stream stream{};

  ~State() {
    if (gzip) inflateEnd(&stream);
    if (owned && descriptor >= 0) (void)::close(descriptor);
  }

  [[noreturn]] void fail(int error) const { throw InputError(name + ": " + std::strerror(error)); }

  void open(const std::string& path) {
    name = input_name(path);
    if (path == "-") {
      descriptor = STDIN_FILENO;
      owned = false;
    } else {
      descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) fail(errno);
    }
    struct stat file {};
    if (::fstat(descriptor, &file) != 0) fail(errno);
    if (S_ISDIR(file.st_mode)) throw InputError(name + ": is a directory");
    if (S_ISREG(file.st_mode)) file_bytes = static_cast<std::uint64_t>(file.st_size);
  }

  // Reads on behind what is in the buffer. False at the end.
  bool fill() {
    if (ended || last == kBufferBytes) return false;
    for (;;) {
      const ssize_t size = ::read(descriptor, buffer.get() + last, kBufferBytes - last);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) fail(errno);
      ended = size == 0;
      last += static_cast<std::size_t>(size);
      taken += static_cast<std::uint64_t>(size);
      return !ended;
    }
  }

  bool refill() {
    if (first < last) return true;
    first = last = 0;
    return fill();
  }

  [[nodiscard]] bool at_magic() {
    while (last - first < kGzipMagic.size() && fill()) {
    }
    return last - first >= kGzipMagic.size() && std::memcmp(buffer.get() + first, kGzipMagic.data(), 2) == 0;
  }

  void begin_gzip() {
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
    gzip = member = true;
  }

  std::size_t read_plain(char* data, std::size_t size) {
    if (!refill()) return 0;
    const std::size_t part = std::min(size, last - first);
    std::memcpy(data, buffer.get() + first, part);
    first += part;
    return part;
  }

  // Between two members, which may follow each other.
  bool next_member() {
    if (!refill()) return false;
    if (first > 0) {  // room for the magic behind what is left
      std::memmove(buffer.get(), buffer.get() + first, last - first);
      last -= first;
      first = 0;
    }
    damaged = !at_magic();
    if (damaged) return false;
    (void)inflateReset(&stream);
    member = true;
    return true;
  }

  std::size_t read_gzip(char* data, std::size_t size) {
    stream.next_out = reinterpret_cast<Bytef*>(data);
    stream.avail_out = static_cast<uInt>(std::min<std::size_t>(size, kBufferBytes * 16));
    const uInt wanted = stream.avail_out;
    while (!damaged && stream.avail_out == wanted) {
      if (!member && !next_member()) break;
      if (!refill()) {
        damaged = true;
        break;
      }
      stream.next_in = reinterpret_cast<Bytef*>(buffer.get() + first);
      stream.avail_in = static_cast<uInt>(last - first);
      const int result = inflate(&stream, Z_NO_FLUSH);
      first = last - stream.avail_in;
      if (result == Z_STREAM_END) member = false;
      damaged = result != Z_OK && result != Z_STREAM_END;
    }
    return wanted - stream.avail_out;
  }
};

ByteSource::ByteSource(const std::string& path, Unpack unpack) : state_(std::make_unique<State>()) {
  state_->open(path);
  if (unpack == Unpack::kGzip && state_->at_magic()) state_->begin_gzip();
}

ByteSource::~ByteSource() = default;

std::size_t ByteSource::read(char* data, std::size_t size) {
  if (size == 0) return 0;
  return state_->gzip ? state_->read_gzip(data, size) : state_->read_plain(data, size);
}

bool ByteSource::damaged() const { return state_->damaged; }

double ByteSource::fraction() const {
  if (state_->file_bytes == 0) return 0;
  return std::min(1.0, static_cast<double>(state_->taken) / static_cast<double>(state_->file_bytes));
}

const std::string& ByteSource::name() const { return state_->name; }

std::string input_name(const std::string& path) { return path == "-" ? "standard input" : path; }

std::string read_file(const std::string& path, std::uint64_t limit, Unpack unpack) {
  ByteSource source(path, unpack);
  std::string bytes;
  std::vector<char> part(kBufferBytes);
  while (const std::size_t size = source.read(part.data(), part.size())) {
    if (bytes.size() + size > limit)
      throw InputError(source.name() + ": larger than " + std::to_string(limit) +
                       " bytes, the limit for this kind of file");
    bytes.append(part.data(), size);
  }
  if (source.damaged()) throw InputError(source.name() + ": damaged or truncated gzip data");
  return bytes;
}

}  // namespace nvdla::host
