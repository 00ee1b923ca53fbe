// SPDX-License-Identifier: Apache-2.0
// A log of the virtual platform, taken apart into files that stand for themselves:
//
//   input.txn              its register accesses, with load_mem lines for the contents below
//   memory_ADDRESS.bin     what memory held before the accelerator wrote: the bytes of reads of addresses
//   that
//                          no write before has touched, one file a region; gaps below 4 KiB are filled with 0
//   accesses.txt           the accesses of DBB, `r ADDRESS` or `w ADDRESS`; accesses_cvsram.txt: of CVSRAM
//
// The log is streamed; what is kept are the bytes that memory holds.
// Limits: bytes that the accelerator never reads are not in the log, so not in the contents either.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::host {

struct ImportedLog {
  std::uint64_t register_accesses = 0;
  std::uint64_t memory_accesses = 0;
  std::uint64_t content_bytes = 0;
  std::vector<std::string> files;  // written, in the order above
};

// Into `directory`, which is made. Throws InputError, also when a file cannot be written.
ImportedLog import_vp_log(const std::string& log, const std::string& directory);

}  // namespace nvdla::host
