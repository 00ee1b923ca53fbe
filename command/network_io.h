// SPDX-License-Identifier: Apache-2.0
// Inputs and outputs of a compiled network on the command line.
//   --input FILE | NAME=FILE   picture (PGM, PPM, PNG, JPEG), array (.npy) or raw bytes as they lie in
//   memory;
//                              without a name the inputs in the order of their bind ids
//   --mean M[,M...] --divisor D   a picture's samples become (sample - mean of their channel) / D, in fp16
//   --output DIR               NAME.npy (numbers), NAME.dimg (as the application of nvdla/sw's runtime
//   writes)
//   --top N                    the greatest values of each output, with their places
#pragma once

#include <boost/program_options.hpp>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "host/driver/tensor_codec.h"
#include "host/files/run_files.h"
#include "host/images/dimg.h"
#include "host/images/picture_input.h"
#include "host/loadable/loadable.h"
#include "host/network/network_runner.h"

namespace nvdla::command {

class NetworkIo {
 public:
  static void add_options(boost::program_options::options_description& visible);
  // Makes the folder of --output. `files` are told of inputs and outputs. Throws
  // boost::program_options::error, and host::InputError when an output is an input or another output.
  NetworkIo(const boost::program_options::variables_map& values, const host::Loadable& loadable,
            std::uint32_t atom_bytes, host::RunFiles& files);

  // Throw host::InputError and host::DriverError.
  [[nodiscard]] host::NetworkHooks hooks();
  // What --top asks for; outputs exist after the run only.
  void print(std::ostream& out) const;

 private:
  struct Input {
    std::string name, file;
  };
  struct Output {
    std::string name;
    std::string base;  // of its files, without extension; empty: none
    host::TensorValues values;
  };
  void name_files(const std::string& directory, host::RunFiles& files);
  void set_inputs(host::Driver& driver) const;
  void take_outputs(host::Driver& driver);

  std::uint32_t atom_bytes_;
  host::DimgRelease release_;
  host::PictureOptions picture_;
  std::vector<Input> inputs_;
  std::size_t top_ = 0;
  std::vector<Output> outputs_;
};

}  // namespace nvdla::command
