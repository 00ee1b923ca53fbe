// SPDX-License-Identifier: Apache-2.0
#include "command/network_io.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>
#include <sstream>

#include "host/files/byte_source.h"
#include "host/files/output_file.h"
#include "host/images/classes.h"
#include "host/images/dimg.h"
#include "host/images/image.h"
#include "host/images/npy.h"
#include "host/memory_file.h"

namespace nvdla::command {

namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

std::string lower_extension(const std::string& path) {
  std::string text = fs::path(path).extension().string();
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::vector<unsigned char> input_bytes(const std::string& file, const host::LoadableTensor& tensor,
                                       std::uint32_t atom_bytes, const host::PictureOptions& options) {
  const std::string extension = lower_extension(file);
  if (extension == ".npy") return host::encode_tensor(tensor, atom_bytes, host::read_npy(file));
  for (const char* const picture : {".pgm", ".ppm", ".png", ".jpg", ".jpeg"}) {
    if (extension == picture)
      return host::encode_tensor(tensor, atom_bytes,
                                 host::picture_values(host::read_image(file), tensor, options));
  }
  return host::read_memory_file(file, tensor.size).bytes(tensor.size);
}

std::array<float, 4> means_of(const std::string& text) {
  std::array<float, 4> means{};
  std::istringstream stream(text);
  std::size_t count = 0;
  for (std::string cell; std::getline(stream, cell, ',');) {
    std::istringstream number(cell);
    float value = 0;
    if (count == means.size() || !(number >> value) || !number.eof())
      throw po::error("--mean: '" + text + "' is not one to four numbers");
    means[count++] = value;
  }
  if (count == 0) throw po::error("--mean: no number");
  for (std::size_t i = count; i < means.size(); ++i) means[i] = means[count - 1];
  return means;
}

// A tensor's name may hold what no file name does.
std::string file_name(const std::string& name, std::size_t index) {
  std::string text = name;
  for (char& c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    if (!plain) c = '_';
  }
  return text.empty() ? "output_" + std::to_string(index) : text;
}

}  // namespace

void NetworkIo::add_options(po::options_description& visible) {
  visible.add_options()(
      "input,i", po::value<std::vector<std::string>>(),
      "FILE or NAME=FILE: an input (PGM, PPM, PNG, JPEG, .npy, or raw bytes); several times")(
      "mean", po::value<std::string>(), "of a picture's channels, subtracted (fp16): M or M,M,M")(
      "divisor", po::value<float>()->default_value(1), "of a picture's samples, behind the mean (fp16)")(
      "output,o", po::value<std::string>(), "write the outputs to this folder, as .npy and .dimg")(
      "top", po::value<std::size_t>()->default_value(0),
      "print so many of the greatest values of each output");
}

NetworkIo::NetworkIo(const po::variables_map& values, const host::Loadable& loadable,
                     std::uint32_t atom_bytes, host::RunFiles& files)
    : atom_bytes_(atom_bytes), release_(host::dimg_release(loadable)) {
  if (values.count("input") != 0) {
    for (const std::string& text : values["input"].as<std::vector<std::string>>()) {
      const std::size_t equals = fs::exists(text) ? std::string::npos : text.find('=');
      inputs_.push_back(equals == std::string::npos ? Input{"", text}
                                                    : Input{text.substr(0, equals), text.substr(equals + 1)});
    }
  }
  picture_.divisor = values["divisor"].as<float>();
  if (!(picture_.divisor > 0)) throw po::error("--divisor must be greater than 0");
  if (values.count("mean") != 0) picture_.mean = means_of(values["mean"].as<std::string>());
  top_ = values["top"].as<std::size_t>();
  for (const Input& input : inputs_) files.input(input.file, "--input");
  for (const std::size_t memory : loadable.outputs())
    outputs_.push_back({loadable.tensors[loadable.memories[memory].tensor].name, "", {}});
  if (values.count("output") == 0) return;
  const auto& directory = values["output"].as<std::string>();
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw po::error("--output " + directory + ": " + error.message());
  name_files(directory, files);
}

void NetworkIo::name_files(const std::string& directory, host::RunFiles& files) {
  std::set<std::string> taken;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    std::string name = file_name(outputs_[i].name, i);
    while (!taken.insert(name).second) name += "_" + std::to_string(i);
    outputs_[i].base = (fs::path(directory) / name).string();
    for (const char* const extension : {".npy", ".dimg"})
      files.output(outputs_[i].base + extension, "--output");
  }
}

host::NetworkHooks NetworkIo::hooks() {
  return {[this](host::Driver& driver) { set_inputs(driver); },
          [this](host::Driver& driver) { take_outputs(driver); }};
}

void NetworkIo::set_inputs(host::Driver& driver) const {
  const std::vector<const host::LoadableTensor*> tensors = driver.inputs();
  std::size_t next = 0;
  for (const Input& input : inputs_) {
    std::size_t index = next;
    if (input.name.empty()) {
      ++next;
    } else {
      index = static_cast<std::size_t>(
          std::find_if(tensors.begin(), tensors.end(),
                       [&](const host::LoadableTensor* tensor) { return tensor->name == input.name; }) -
          tensors.begin());
    }
    if (index >= tensors.size()) {
      std::string known;
      for (const host::LoadableTensor* tensor : tensors) known += (known.empty() ? "" : ", ") + tensor->name;
      throw host::InputError("--input " + (input.name.empty() ? input.file : input.name) +
                             ": the network has no such input" +
                             (known.empty() ? " (it has none)" : "; it has " + known));
    }
    driver.set_input(index, input_bytes(input.file, *tensors[index], atom_bytes_, picture_));
  }
}

void NetworkIo::take_outputs(host::Driver& driver) {
  const std::vector<const host::LoadableTensor*> tensors = driver.outputs();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (outputs_[i].base.empty() && top_ == 0) continue;
    const std::vector<unsigned char> bytes = driver.output(i);
    outputs_[i].values = host::decode_tensor(*tensors[i], atom_bytes_, bytes);
    if (outputs_[i].base.empty()) continue;
    host::write_npy(outputs_[i].base + ".npy", outputs_[i].values);
    host::OutputFile dimg(outputs_[i].base + ".dimg");
    const std::vector<unsigned char> text = host::make_dimg(*tensors[i], bytes, release_);
    dimg.stream().write(reinterpret_cast<const char*>(text.data()),
                        static_cast<std::streamsize>(text.size()));
    dimg.commit();
  }
}

void NetworkIo::print(std::ostream& out) const {
  for (const Output& output : outputs_) {
    if (top_ == 0) continue;
    out << "output " << output.name << ": " << output.values.channel << " x " << output.values.height << " x "
        << output.values.width << "; greatest:\n";
    for (const host::Class& one : host::top_classes(output.values, top_))
      out << "  " << one.index << "  " << one.value << '\n';
  }
}

}  // namespace nvdla::command
