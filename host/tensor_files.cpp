// SPDX-License-Identifier: Apache-2.0
#include "host/tensor_files.h"

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <sstream>

#include "host/files/byte_source.h"
#include "host/files/output_file.h"

namespace nvdla::host {

namespace {

const char* type_of(Precision precision) {
  switch (precision) {
    case Precision::kInt8:
      return "|i1";
    case Precision::kInt16:
      return "<i2";
    default:
      return "<f2";
  }
}

std::string header(const OutputTensor& tensor) {
  std::ostringstream text;
  text << "{'descr': '" << type_of(tensor.precision) << "', 'fortran_order': False, 'shape': (";
  if (tensor.batches > 1) text << tensor.batches << ", ";
  text << tensor.cube.channels << ", " << tensor.cube.height << ", " << tensor.cube.width << "), }";
  std::string description = text.str();
  // Magic, version, length of the description: 10 bytes; the data begin at a multiple of 64.
  const std::size_t length = (10 + description.size() + 1 + 63) / 64 * 64 - 10;
  description.resize(length - 1, ' ');
  std::string result("\x93NUMPY\x01\x00", 8);
  result += static_cast<char>(length & 0xff);
  result += static_cast<char>(length >> 8U);
  return result + description + "\n";
}

}  // namespace

std::string npy_of(const OutputTensor& tensor, const ReadMemory& read) {
  const std::size_t size = bytes_per_element(tensor.precision);
  const std::size_t lanes = tensor.atom_bytes == 0 ? 1 : tensor.atom_bytes / size;
  const Cube& cube = tensor.cube;
  std::string result = header(tensor);
  const std::size_t begin = result.size();
  const std::size_t plane = std::size_t{cube.height} * cube.width * size;
  result.resize(begin + plane * cube.channels * tensor.batches);
  std::vector<unsigned char> line(std::size_t{cube.width} * lanes * size);
  for (std::uint32_t batch = 0; batch < tensor.batches; ++batch) {
    for (std::uint32_t first = 0; first < cube.channels; first += static_cast<std::uint32_t>(lanes)) {
      for (std::uint32_t y = 0; y < cube.height; ++y) {
        if (!read(tensor.address_of(batch, first, y, 0), line.data(), line.size())) continue;
        for (std::size_t lane = 0; lane < std::min<std::size_t>(lanes, cube.channels - first); ++lane) {
          char* out =
              result.data() + begin +
              ((std::size_t{batch} * cube.channels + first + lane) * cube.height + y) * cube.width * size;
          for (std::size_t x = 0; x < cube.width; ++x)
            std::copy_n(line.data() + (x * lanes + lane) * size, size, out + x * size);
        }
      }
    }
  }
  return result;
}

TensorFiles::TensorFiles(std::string folder, ReadMemory read, RunFiles& files)
    : folder_(std::move(folder)), read_(std::move(read)), files_(files) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) throw InputError(folder_ + ": cannot make the folder: " + error.message());
}

void TensorFiles::on_output(OperationId id, const OutputTensor& output) {
  std::string unit(engine_name(id.engine));
  std::transform(unit.begin(), unit.end(), unit.begin(), [](unsigned char c) { return std::tolower(c); });
  std::ostringstream name;
  name << std::setw(4) << std::setfill('0') << written_++ << '_' << unit << '_' << id.sequence << ".npy";
  const std::string path = (std::filesystem::path(folder_) / name.str()).string();
  files_.output(path, "--save-tensors");
  const std::string bytes = npy_of(output, read_);
  OutputFile file(path);
  file.stream().write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.commit();
}

}  // namespace nvdla::host
