// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/fst_feed.h"

#include "host/files/byte_source.h"

#ifdef NVDLA_HAS_FST

#include <fstapi.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <vector>

namespace nvdla::host {
namespace {

constexpr int kNotFst = 3, kDamaged = 4;

struct Dump {
  std::FILE* out = nullptr;
  std::vector<std::uint32_t> widths;  // by handle; 0: not wanted
  std::uint64_t time = 0;
  bool timed = false;
};

void write_value(void* user, std::uint64_t time, fstHandle handle, const unsigned char* value) {
  Dump& dump = *static_cast<Dump*>(user);
  if (handle >= dump.widths.size() || dump.widths[handle] == 0) return;
  if (!dump.timed || time != dump.time) std::fprintf(dump.out, "#%" PRIu64 "\n", time);
  dump.timed = true;
  dump.time = time;
  std::fprintf(dump.out, "b%.*s h%" PRIu32 "\n", static_cast<int>(dump.widths[handle]),
               reinterpret_cast<const char*>(value), handle);
}

std::string_view without_range(std::string_view name) {
  const std::size_t end = name.find_first_of(" [");
  return end == std::string_view::npos || end == 0 ? name : name.substr(0, end);
}

// In the process of its own.
int write_dump(const std::string& path, const std::function<bool(std::string_view)>& wanted, std::FILE* out) {
  void* const reader = fstReaderOpen(path.c_str());
  if (reader == nullptr) return kNotFst;
  Dump dump;
  dump.out = out;
  dump.widths.resize(std::size_t{fstReaderGetMaxHandle(reader)} + 1);
  fstReaderClrFacProcessMaskAll(reader);
  fstReaderIterateHierRewind(reader);
  while (const fstHier* const item = fstReaderIterateHier(reader)) {
    if (item->htyp == FST_HT_SCOPE) {
      std::fprintf(out, "$scope module %s $end\n", item->u.scope.name[0] == 0 ? "_" : item->u.scope.name);
    } else if (item->htyp == FST_HT_UPSCOPE) {
      std::fputs("$upscope $end\n", out);
    } else if (item->htyp == FST_HT_VAR && item->u.var.length > 0 &&
               wanted(without_range(item->u.var.name))) {
      if (item->u.var.typ == FST_VT_VCD_REAL || item->u.var.typ == FST_VT_GEN_STRING) continue;
      if (item->u.var.handle >= dump.widths.size()) return kDamaged;
      dump.widths[item->u.var.handle] = item->u.var.length;
      fstReaderSetFacProcessMask(reader, item->u.var.handle);
      std::fprintf(out, "$var wire %" PRIu32 " h%" PRIu32 " %s $end\n", item->u.var.length,
                   item->u.var.handle, item->u.var.name);
    }
  }
  std::fputs("$enddefinitions $end\n", out);
  if (fstReaderIterBlocks(reader, write_value, &dump, nullptr) == 0) return kDamaged;
  return std::fflush(out) == 0 ? 0 : kDamaged;
}

}  // namespace

FstFeed::FstFeed(const std::string& path, const std::function<bool(std::string_view)>& wanted) : path_(path) {
  int ends[2];
  if (pipe(ends) != 0) throw InputError(path + ": no pipe: " + std::strerror(errno));
  std::fflush(nullptr);  // else the child has a copy of what waits there
  child_ = fork();
  if (child_ < 0) {
    close(ends[0]);
    close(ends[1]);
    throw InputError(path + ": no process to read FST: " + std::strerror(errno));
  }
  if (child_ == 0) {
    close(ends[0]);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    std::freopen("/dev/null", "w", stderr);
    std::freopen("/dev/null", "w", stdout);
    std::FILE* const out = fdopen(ends[1], "w");
    _exit(out == nullptr ? kDamaged : write_dump(path, wanted, out));
  }
  close(ends[1]);
  pipe_ = ends[0];
}

FstFeed::~FstFeed() {
  if (pipe_ >= 0) close(pipe_);
  if (child_ > 0) waitpid(child_, nullptr, 0);
}

std::size_t FstFeed::read(char* data, std::size_t size) {
  if (child_ < 0) return 0;
  for (;;) {
    const ssize_t got = ::read(pipe_, data, size);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) break;
    if (errno != EINTR) throw InputError(path_ + ": " + std::strerror(errno));
  }
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  throw InputError(path_ + (WIFEXITED(status) && WEXITSTATUS(status) == kNotFst
                                ? ": cannot be read as FST: damaged, or not closed by the simulator"
                                : ": damaged: its FST data cannot be read to their end"));
}

}  // namespace nvdla::host

#else

namespace nvdla::host {

FstFeed::FstFeed(const std::string& path, const std::function<bool(std::string_view)>& /*wanted*/)
    : path_(path) {
  throw InputError(
      path +
      ": this build reads no FST (docs/formats.md): convert it, fst2vcd FILE | nvdla-vp import - "
      "--output DIRECTORY");
}
FstFeed::~FstFeed() = default;
std::size_t FstFeed::read(char* /*data*/, std::size_t /*size*/) { return 0; }

}  // namespace nvdla::host

#endif
