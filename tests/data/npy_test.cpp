#include "data/npy.h"

#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

using namespace std::string_literals;

std::string npy(const std::string& header, const std::string& data, char version = 1) {
  std::string bytes = "\x93NUMPY"s + version + '\0';
  bytes += {static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  if (version > 1) bytes += "\0\0"s;
  return bytes + header + data;
}

std::string header(const std::string& type, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }   \n";
}

Array parse(const std::string& bytes) {
  return parse_npy(std::as_bytes(std::span(bytes)), "a.npy");
}

std::string data_error(const std::string& bytes) {
  return message_of(ErrorCode::data, [&] { parse(bytes); });
}

template <typename T>
std::vector<T> values_of(const Array& array) {
  std::vector<T> values(array.bytes.size() / sizeof(T));
  std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
  return values;
}

TEST(ReadNpy, ReadsEveryVersion) {
  for (const char version : {1, 2, 3}) {
    const Array array = parse(npy(header("|i1", "(2,)"), "\x01\xFE", version));
    EXPECT_EQ(array.type, ElementType::int8);
    EXPECT_EQ(array.shape, (std::vector<int64_t>{2}));
    EXPECT_EQ(values_of<int8_t>(array), (std::vector<int8_t>{1, -2}));
  }
}

TEST(ReadNpy, ReadsBothByteOrders) {
  EXPECT_EQ(values_of<int32_t>(parse(npy(header("<i4", "(1,)"), "\x02\x01\0\0"s))),
            (std::vector<int32_t>{258}));
  EXPECT_EQ(values_of<int32_t>(parse(npy(header(">i4", "(1,)"), "\0\0\x01\x02"s))),
            (std::vector<int32_t>{258}));
  EXPECT_EQ(values_of<double>(parse(npy(header(">f8", "(1,)"), "\x3F\xF8\0\0\0\0\0\0"s))),
            (std::vector<double>{1.5}));
}

TEST(ReadNpy, ReordersFortranArrays) {
  const Array array = parse(npy(header("|u1", "(2, 3)", true), "\1\4\2\5\3\6"));
  EXPECT_EQ(values_of<uint8_t>(array), (std::vector<uint8_t>{1, 2, 3, 4, 5, 6}));
  const Array cube = parse(npy(header("|u1", "(2, 2, 2)", true), "\0\4\2\6\1\5\3\7"s));
  EXPECT_EQ(values_of<uint8_t>(cube), (std::vector<uint8_t>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(ReadNpy, WidensOtherTypes) {
  EXPECT_EQ(values_of<int32_t>(parse(npy(header("<u2", "(1,)"), "\xFF\xFF"))),
            (std::vector<int32_t>{65535}));
  EXPECT_EQ(values_of<int64_t>(parse(npy(header("<u4", "(1,)"), "\xFF\xFF\xFF\xFF"))),
            (std::vector<int64_t>{4294967295}));
  EXPECT_EQ(values_of<int64_t>(parse(npy(header("<u8", "(1,)"), "\x05\0\0\0\0\0\0\0"s))),
            (std::vector<int64_t>{5}));
  EXPECT_EQ(parse(npy(header("|b1", "(2,)"), "\1\0"s)).type, ElementType::uint8);
}

TEST(ReadNpy, WidensHalves) {
  const Array array =
      parse(npy(header("<f2", "(6,)"), "\x00\x3E\x00\xC0\x01\x00\x00\x7C\x00\x7E\xFF\x7B"s));
  const std::vector<float> values = values_of<float>(array);
  EXPECT_EQ(values[0], 1.5f);
  EXPECT_EQ(values[1], -2.0f);
  EXPECT_EQ(values[2], 0x1p-24f);
  EXPECT_TRUE(std::isinf(values[3]));
  EXPECT_TRUE(std::isnan(values[4]));
  EXPECT_EQ(values[5], 65504.0f);
}

TEST(ReadNpy, RejectsOtherTypes) {
  EXPECT_NE(data_error(npy(header("|O", "(1,)"), "x")).find("pickle"), std::string::npos);
  EXPECT_NE(data_error(npy(header("<U4", "(1,)"), "x")).find("'<U4'"), std::string::npos);
  EXPECT_NE(data_error(npy(header("<c8", "(1,)"), "x")).find("'<c8'"), std::string::npos);
  EXPECT_NE(data_error(npy(header("", "(1,)"), "x")).find("''"), std::string::npos);
  EXPECT_NE(data_error(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", ""))
                .find("structures"),
            std::string::npos);
  EXPECT_NE(data_error(npy(header("<u8", "(1,)"), "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"))
                .find("18446744073709551615"),
            std::string::npos);
}

TEST(ReadNpy, RejectsHeadersThatLie) {
  EXPECT_NE(data_error(npy(header("<f8", "(4611686018427387904, 2)"), "x")).find("larger than any"),
            std::string::npos);
  EXPECT_NE(data_error(npy(header("<f8", "(99999999999999999999,)"), "x")).find("whole numbers"),
            std::string::npos);
  EXPECT_NE(data_error(npy(header("<f8", "(-1,)"), "x")).find("negative size"), std::string::npos);
  EXPECT_NE(data_error(npy(header("<f8", "(0, 3)"), "")).find("empty"), std::string::npos);
  EXPECT_NE(data_error(npy(header("<f8", "()"), "12345678")).find("found 0"), std::string::npos);
  EXPECT_NE(data_error(npy(header("<f8", "(1000000000,)"), "x")).find("cut off"),
            std::string::npos);
  EXPECT_NE(data_error(npy(header("|u1", "(1,)"), "xy")).find("goes on"), std::string::npos);
}

TEST(ReadNpy, RejectsDamagedHeaders) {
  EXPECT_NE(data_error("\x93NUMPY\x01").find("cut off"), std::string::npos);
  EXPECT_NE(data_error("\x93NUMPY\x07\0\0\0"s).find("version 7"), std::string::npos);
  EXPECT_NE(data_error("text").find("not an NPY file"), std::string::npos);
  EXPECT_NE(data_error(npy("{'descr': '<f4'", "")).find("damaged"), std::string::npos);
  EXPECT_NE(data_error(npy("{'descr': '<f4', 'fortran_order': False}", "")).find("'shape'"),
            std::string::npos);
  EXPECT_NE(data_error("\x93NUMPY\x02\0\xFF\xFF\xFF\xFF"s).find("longer than the limit"),
            std::string::npos);
}

TEST(WriteNpy, IsReadBack) {
  const TemporaryFolder folder;
  const Array array{
      .type = ElementType::int16, .shape = {1, 2}, .bytes = std::vector<std::byte>(4)};
  write_npy(folder.path("a.npy"), array);
  const Array back = read_npy(folder.path("a.npy"));
  EXPECT_EQ(back.type, array.type);
  EXPECT_EQ(back.shape, array.shape);
  EXPECT_EQ(back.bytes, array.bytes);
  EXPECT_EQ((read_back(folder.path("a.npy")).size() - 4) % 64, 0u);
}

}  // namespace
}  // namespace sinapse
