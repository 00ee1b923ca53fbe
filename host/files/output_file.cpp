// SPDX-License-Identifier: Apache-2.0
#include "host/files/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <optional>

#include "host/files/byte_source.h"
#include "host/files/output_buffers.h"

namespace nvdla::host {
namespace {

bool compressed(const std::string& path) {
  return path.size() > 3 && path.compare(path.size() - 3, 3, ".gz") == 0;
}

// Of this process, so that two writers of one name do not meet; the name says what the file is not.
std::string partial_name(const std::string& path) {
  static std::atomic<unsigned> count{0};
  return path + ".partial-" + std::to_string(getpid()) + "-" + std::to_string(count++);
}

[[noreturn]] void fail_to_open(const std::string& path) {
  throw InputError(path + ": cannot write: " + std::strerror(errno));
}

}  // namespace

struct OutputFile::State {
  std::string path;     // as the user gave it
  std::string target;   // behind links
  std::string partial;  // empty: written directly
  int descriptor = -1;
  bool owned = true;  // closed by us
  std::optional<DescriptorBuffer> file;
  std::optional<GzipBuffer> gzip;
  std::ostream stream{nullptr};

  void open_partial(const struct stat* existing) {
    if (existing != nullptr && access(target.c_str(), W_OK) != 0) fail_to_open(path);
    const std::string name = partial_name(target);
    descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0) fail_to_open(path);
    partial = name;
    if (existing != nullptr) (void)fchmod(descriptor, existing->st_mode & 07777);
  }

  void open() {
    if (path == "-") {
      std::cout.flush();
      descriptor = STDOUT_FILENO;
      owned = false;
      return;
    }
    std::error_code none;
    target = path;
    if (std::filesystem::is_symlink(path, none)) {
      const auto behind = std::filesystem::weakly_canonical(path, none);
      if (!none) target = behind.string();
    }
    struct stat existing {};
    const bool exists = ::stat(target.c_str(), &existing) == 0;
    if (exists && S_ISDIR(existing.st_mode)) {
      errno = EISDIR;
      fail_to_open(path);
    }
    if (exists && !S_ISREG(existing.st_mode)) {
      descriptor = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
      if (descriptor < 0) fail_to_open(path);
      return;
    }
    open_partial(exists ? &existing : nullptr);
  }

  // errno, or 0. After it the descriptor is closed.
  int finish() {
    stream.flush();
    if (gzip) (void)gzip->finish();
    (void)file->pubsync();
    int error = file->error();
    if (owned && ::close(descriptor) != 0 && error == 0) error = errno;
    descriptor = -1;
    if (error == 0 && !partial.empty() && std::rename(partial.c_str(), target.c_str()) != 0) error = errno;
    if (error == 0) partial.clear();
    return error;
  }
};

OutputFile::OutputFile(const std::string& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->open();
  state_->file.emplace(state_->descriptor);
  if (compressed(path)) state_->gzip.emplace(*state_->file);
  state_->stream.rdbuf(state_->gzip ? static_cast<std::streambuf*>(&*state_->gzip) : &*state_->file);
}

OutputFile::~OutputFile() {
  if (state_->descriptor >= 0 && state_->owned) (void)::close(state_->descriptor);
  if (!state_->partial.empty()) (void)::unlink(state_->partial.c_str());
}

std::ostream& OutputFile::stream() { return state_->stream; }

bool OutputFile::failed() const { return state_->file->error() != 0; }

void OutputFile::commit() {
  const int error = state_->finish();
  if (error == 0) return;
  const std::string name = state_->path == "-" ? "standard output" : state_->path;
  throw OutputError(name + ": cannot write: " + std::strerror(error));
}

void check_standard_output() {
  errno = 0;
  std::cout.flush();
  // What went through std::cout may still be in C's buffer.
  const bool good = !std::cout.fail() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (good) return;
  throw OutputError("standard output: cannot write" +
                    (errno == 0 ? "" : ": " + std::string(std::strerror(errno))));
}

}  // namespace nvdla::host
