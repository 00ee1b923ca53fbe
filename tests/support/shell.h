// SPDX-License-Identifier: Apache-2.0
// Shell commands of tests. What looks for leaks preloads its library into the test; the shell and what it
// starts are others' programs, leak at their exit and must not carry it.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

namespace nvdla::test {

// The command's exit status, -1 if it did not end by itself.
inline int shell(const std::string& command) {
  const char* preloaded = std::getenv("LD_PRELOAD");
  const std::string kept = preloaded == nullptr ? "" : preloaded;
  unsetenv("LD_PRELOAD");
  const int status = std::system(command.c_str());
  if (!kept.empty()) setenv("LD_PRELOAD", kept.c_str(), 1);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Puts an archive's files into a folder; whether that worked.
inline bool unpack(const std::string& archive, const std::string& folder) {
  return shell("tar xJf '" + archive + "' -C '" + folder + "'") == 0;
}

}  // namespace nvdla::test
