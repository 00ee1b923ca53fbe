// SPDX-License-Identifier: Apache-2.0
#include "host/files/run_files.h"

#include <algorithm>
#include <filesystem>

#include "host/files/byte_source.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;

std::string canonical(const std::string& path) {
  if (path == "-") return path;
  std::error_code error;
  const fs::path result = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path : result.string();
}

// Hard links are one file under two names.
bool same(const std::string& a, const std::string& b) {
  if (a == b) return true;
  std::error_code error;
  return a != "-" && b != "-" && fs::equivalent(a, b, error) && !error;
}

bool device(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::is_character_file(status) || fs::is_fifo(status) || fs::is_socket(status);
}

}  // namespace

const RunFiles::File* RunFiles::find(const std::vector<File>& files, const std::string& path) {
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const File& file) { return same(file.path, path); });
  return found == files.end() ? nullptr : &*found;
}

void RunFiles::input(const std::string& path, const std::string& what) {
  // Its name as it stands will do as long as nothing is written: it is there, so same() finds it by any name.
  const std::string name = outputs_.empty() ? path : canonical(path);
  if (name == "-" && find(inputs_, name) != nullptr) {
    throw InputError(what + ": standard input is read already, by " + find(inputs_, name)->what);
  }
  if (const File* const written = name == "-" ? nullptr : find(outputs_, name); written != nullptr) {
    throw InputError(what + " reads " + path + ", which " + written->what + " writes");
  }
  inputs_.push_back({name, what});
}

void RunFiles::output(const std::string& path, const std::string& what) {
  const std::string name = canonical(path);
  if (device(name)) return;
  if (const File* const read = name == "-" ? nullptr : find(inputs_, name); read != nullptr) {
    throw InputError(what + " would write " + path + ", which is read by this run (" + read->what +
                     "): choose another name");
  }
  if (const File* const other = find(outputs_, name); other != nullptr) {
    throw InputError(what + " would write " + (name == "-" ? "standard output" : path) + ", which " +
                     other->what + " writes already: choose another name");
  }
  outputs_.push_back({name, what});
}

bool RunFiles::reads(const std::string& path) const {
  return !inputs_.empty() && find(inputs_, canonical(path)) != nullptr;
}

bool RunFiles::writes(const std::string& path) const {
  return path != "-" && find(outputs_, canonical(path)) != nullptr;
}

}  // namespace nvdla::host
