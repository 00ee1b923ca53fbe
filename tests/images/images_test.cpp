// SPDX-License-Identifier: Apache-2.0
// Pictures in four formats give their samples; arrays and tensors come back; damaged files are errors.
#include <gmock/gmock.h>
#include <png.h>

#include <cstdio>

#include "host/driver/driver_error.h"
#include "host/images/classes.h"
#include "host/images/dimg.h"
#include "host/images/image.h"
#include "host/images/npy.h"
#include "host/images/picture_input.h"
#include "host/text_source.h"
#include "tests/support/temporary_directory.h"

// After <cstdio>.
#include <jpeglib.h>

namespace nvdla::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Images : public test::TemporaryDirectory {
 protected:
  std::string error(const std::string& content) {
    return test::thrown_text<InputError>([&] { (void)read_image(file("picture", content)); });
  }
};

LoadableTensor tensor(TensorType type, std::uint8_t format, std::int32_t c, std::int32_t h, std::int32_t w,
                      std::uint32_t line, std::uint32_t surface, std::uint64_t size) {
  LoadableTensor t;
  t.name = "t";
  t.type = type;
  t.pixel_format = format;
  t.c = c;
  t.h = h;
  t.w = w;
  t.line_stride = line;
  t.surface_stride = surface;
  t.size = size;
  return t;
}

TEST_F(Images, PgmAndPpm) {
  const Image grey =
      read_image(file("a.pgm", std::string("P5\n# comment\n3 2\n255\n") + "\x01\x02\x03\x04\x05\xff"));
  EXPECT_EQ(grey.width, 3U);
  EXPECT_EQ(grey.height, 2U);
  EXPECT_THAT(grey.samples, ElementsAre(1, 2, 3, 4, 5, 255));
  EXPECT_THAT(read_image(file("b.pgm", "P2 2 1 15 0 15")).samples, ElementsAre(0, 255));
  EXPECT_THAT(read_image(file("c.ppm", "P3 1 1 255 7 8 9")).samples, ElementsAre(7, 8, 9));
  EXPECT_THAT(read_image(file("d.ppm", "P6 1 1 255\nabc")).samples, ElementsAre('a', 'b', 'c'));
  EXPECT_THAT(read_image(file("e.pgm", std::string("P5 1 1 65535\n") + "\x80\x01")).samples,
              ElementsAre(128));
}

TEST_F(Images, DamagedPnm) {
  EXPECT_THAT(error("P5\n3 2\n255\nabc"), HasSubstr("picture: cut off: 6 samples"));
  EXPECT_THAT(error("P5\n3"), HasSubstr("height is missing"));
  EXPECT_THAT(error("P5\n99999 2\n255\n"), HasSubstr("99999x2 pixels"));
  EXPECT_THAT(error("P5\n3 2\n0\n"), HasSubstr("greatest value is 0"));
  EXPECT_THAT(error("P2 1 1 10 11"), HasSubstr("a sample is 11"));
  EXPECT_THAT(error("P4\n3 2\n"), HasSubstr("PBM"));
  EXPECT_THAT(error("hello"), HasSubstr("not a picture"));
  EXPECT_THAT(error(""), HasSubstr("not a picture"));
}

TEST_F(Images, Png) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = 2;
  png.height = 1;
  png.format = PNG_FORMAT_RGB;
  const std::uint8_t samples[] = {10, 20, 30, 200, 210, 220};
  ASSERT_NE(png_image_write_to_file(&png, path("a.png").c_str(), 0, samples, 0, nullptr), 0);
  const Image image = read_image(path("a.png"));
  EXPECT_EQ(image.channel, 3U);
  EXPECT_THAT(image.samples, ElementsAre(10, 20, 30, 200, 210, 220));

  std::FILE* stream = std::fopen(path("a.png").c_str(), "rb");
  std::string content(1000, 0);
  content.resize(std::fread(content.data(), 1, content.size(), stream));
  std::fclose(stream);
  for (std::size_t size = 8; size + 12 < content.size(); ++size) {
    EXPECT_THAT(error(content.substr(0, size)), HasSubstr("PNG")) << size;
  }
}

TEST_F(Images, Jpeg) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  std::FILE* stream = std::fopen(path("a.jpg").c_str(), "wb");
  jpeg_stdio_dest(&info, stream);
  info.image_width = info.image_height = 8;
  info.input_components = 1;
  info.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  jpeg_start_compress(&info, TRUE);
  JSAMPLE line[8] = {90, 90, 90, 90, 90, 90, 90, 90};
  JSAMPROW row = line;
  while (info.next_scanline < 8) jpeg_write_scanlines(&info, &row, 1);
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::fclose(stream);

  const Image image = read_image(path("a.jpg"));
  EXPECT_EQ(image.width, 8U);
  EXPECT_EQ(image.channel, 1U);
  EXPECT_THAT(image.samples, ::testing::Each(90));
  stream = std::fopen(path("a.jpg").c_str(), "rb");
  std::string content(2000, 0);
  content.resize(std::fread(content.data(), 1, content.size(), stream));
  std::fclose(stream);
  for (std::size_t size = 3; size + 4 < content.size(); size += 7) {
    EXPECT_THAT(error(content.substr(0, size)), HasSubstr("JPEG")) << size;
  }
}

TEST_F(Images, ArraysComeBack) {
  const TensorValues values{2, 1, 3, {1, 2.5F, -3, 4, 5, 1e-5F}};
  write_npy(path("a.npy"), values);
  const TensorValues back = read_npy(path("a.npy"));
  EXPECT_EQ(back.channel, 2U);
  EXPECT_EQ(back.width, 3U);
  EXPECT_EQ(back.values, values.values);
}

TEST_F(Images, ArraysOfNumPy) {
  const auto npy = [this](const std::string& header, const std::string& data) {
    const std::string length{static_cast<char>(header.size()), '\0'};
    return file("b.npy", std::string("\x93NUMPY\x01\x00", 8) + length + header + data);
  };
  const TensorValues bytes =
      read_npy(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }", "\x01\x02\x03\xff"));
  EXPECT_EQ(bytes.channel, 1U);
  EXPECT_THAT(bytes.values, ElementsAre(1, 2, 3, 255));
  EXPECT_THAT(
      read_npy(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", std::string("\x00\x3e", 2)))
          .values,
      ElementsAre(1.5F));
  const auto error = [](const std::string& name) {
    return test::thrown_text<InputError>([&] { (void)read_npy(name); });
  };
  EXPECT_THAT(error(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1,), }", "a")),
              HasSubstr("Fortran order"));
  EXPECT_THAT(error(npy("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "a")),
              HasSubstr("type '<c8'"));
  EXPECT_THAT(error(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9,), }", "a")),
              HasSubstr("cut off"));
  EXPECT_THAT(error(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,1,1,1), }", "a")),
              HasSubstr("4 dimensions"));
  EXPECT_THAT(error(npy("{'shape': (9,), }", "a")), HasSubstr("without 'descr'"));
  EXPECT_THAT(error(file("c.npy", "x")), HasSubstr("not a .npy file"));
}

TEST(Tensors, FeatureDataComeBack) {
  for (const TensorType type : {TensorType::kInt8, TensorType::kInt16, TensorType::kHalf}) {
    const std::uint32_t element = type == TensorType::kInt8 ? 1 : 2;
    for (const std::uint32_t atom : {8U, 32U}) {
      const std::uint32_t surfaces = (40 * element + atom - 1) / atom;
      const LoadableTensor t =
          tensor(type, kPixelFeature, 40, 3, 5, 5 * atom, 15 * atom, std::uint64_t{15} * atom * surfaces);
      TensorValues values{40, 3, 5, {}};
      for (int i = 0; i < 600; ++i) values.values.push_back(static_cast<float>(i % 251 - 125));
      const std::vector<unsigned char> bytes = encode_tensor(t, atom, values);
      EXPECT_EQ(decode_tensor(t, atom, bytes).values, values.values);
      // Channel 33 of pixel (1, 2).
      const std::uint32_t per_atom = atom / element;
      const std::size_t at =
          33 / per_atom * t.surface_stride + 2 * t.line_stride + atom + 33 % per_atom * element;
      if (type == TensorType::kInt8) {
        EXPECT_EQ(static_cast<std::int8_t>(bytes[at]), values.at(33, 2, 1));
      }
    }
  }
}

TEST(Tensors, ValuesAreRoundedAndClipped) {
  const LoadableTensor t = tensor(TensorType::kInt8, kPixelFeature, 4, 1, 1, 32, 32, 32);
  const auto bytes = encode_tensor(t, 32, {4, 1, 1, {300, -200.5F, 1.5F, -1.4F}});
  EXPECT_THAT(decode_tensor(t, 32, bytes).values, ElementsAre(127, -128, 2, -1));
}

TEST(Tensors, ImagesHaveTheirChannelsInOnePixel) {
  const LoadableTensor t = tensor(TensorType::kInt8, 12, 4, 2, 2, 32, 64, 64);
  Image image{2, 2, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255}};
  const auto bytes = encode_tensor(t, 32, picture_values(image, t, {}));
  // Blue first, 0..255 to 0..127; the fourth channel is empty.
  EXPECT_THAT(std::vector<unsigned char>(bytes.begin() + 32, bytes.begin() + 40),
              ElementsAre(4, 4, 3, 0, 127, 127, 127, 0));
}

TEST(Tensors, PicturesAreNormalisedForFp16) {
  const LoadableTensor t = tensor(TensorType::kHalf, kPixelFeature, 1, 1, 2, 64, 64, 64);
  PictureOptions options;
  options.mean = {10, 0, 0, 0};
  options.divisor = 2;
  const Image image{2, 1, 1, {20, 255}};
  EXPECT_THAT(picture_values(image, t, options).values, ElementsAre(5, 122.5F));
  const auto error = [&](const LoadableTensor& to, const Image& from) {
    return test::thrown_text<DriverError>([&] { (void)picture_values(from, to, {}); });
  };
  EXPECT_THAT(error(t, {3, 1, 1, {1, 2, 3}}), HasSubstr("is 2x1, the picture 3x1"));
  EXPECT_THAT(error(tensor(TensorType::kHalf, kPixelFeature, 3, 1, 2, 64, 64, 64), image),
              HasSubstr("the picture is grey"));
}

TEST(Tensors, BadDescriptionsAreErrors) {
  const auto error = [](const LoadableTensor& t) {
    return test::thrown_text<DriverError>([&] { (void)encode_tensor(t, 32, {1, 1, 1, {0}}); });
  };
  EXPECT_THAT(error(tensor(TensorType::kHalf, kPixelFeature, 1, 1, 1, 32, 32, 1)),
              HasSubstr("lead to byte 2, but it has 1"));
  EXPECT_THAT(error(tensor(TensorType::kFloat, kPixelFeature, 1, 1, 1, 32, 32, 32)),
              HasSubstr("data type 1"));
  EXPECT_THAT(error(tensor(TensorType::kInt8, 24, 1, 1, 1, 32, 32, 32)), HasSubstr("pixel format 24"));
  EXPECT_THAT(error(tensor(TensorType::kInt8, kPixelFeature, 2, 2, 2, 64, 128, 128)),
              HasSubstr("but the input is 1x1"));
}

TEST(Dimg, HeaderAndElements) {
  const LoadableTensor t = tensor(TensorType::kHalf, kPixelFeature, 3, 1, 1, 32, 32, 32);
  std::vector<unsigned char> bytes(32, 0);
  bytes[0] = 0x31, bytes[1] = 0x2c;  // a number
  bytes[2] = 0x01, bytes[3] = 0x7e;  // none
  bytes[4] = 0x00, bytes[5] = 0x78;  // 32768
  const std::vector<unsigned char> dimg = make_dimg(t, bytes, DimgRelease::kFirst);
  EXPECT_THAT(dimg, ElementsAre('D', 'I', 'M', 'G', 0, 0, 0, 0, 42, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0,
                                0, 32, 0, 0, 0, 32, 0, 0, 0, 32, 0, 0, 0, 0x31, 0x2c, 0xc0, 0x77, 0, 0));
  EXPECT_EQ(make_dimg(t, bytes, DimgRelease::kCurrent)[8], 43);
  EXPECT_EQ(
      make_dimg(tensor(TensorType::kInt8, kPixelFeature8, 3, 1, 1, 8, 8, 8), bytes, DimgRelease::kCurrent)[8],
      41);
}

TEST(Classes, GreatestFirst) {
  const auto classes = top_classes({4, 1, 1, {0.1F, 0.7F, NAN, 0.7F}}, 3);
  ASSERT_EQ(classes.size(), 3U);
  EXPECT_EQ(classes[0].index, 1U);
  EXPECT_EQ(classes[1].index, 3U);
  EXPECT_EQ(classes[2].index, 0U);
}

}  // namespace
}  // namespace nvdla::host
