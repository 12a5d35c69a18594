#include "data/idx.h"

#include <cstring>

#include <gtest/gtest.h>
#include <zlib.h>

#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

using namespace std::string_literals;

Array parse(const std::string& bytes) {
  return parse_idx(std::as_bytes(std::span(bytes)), "a.idx");
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

TEST(ReadIdx, ReadsBytes) {
  const Array array = parse("\0\0\x08\x02\0\0\0\x02\0\0\0\x03\x01\x02\x03\x04\x05\xFF"s);
  EXPECT_EQ(array.type, ElementType::uint8);
  EXPECT_EQ(array.shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(values_of<uint8_t>(array), (std::vector<uint8_t>{1, 2, 3, 4, 5, 255}));
}

TEST(ReadIdx, ReadsEveryTypeInBigEndian) {
  const std::string one = "\x01\0\0\0\x01"s;
  EXPECT_EQ(values_of<int8_t>(parse("\0\0\x09"s + one + "\xFE")), (std::vector<int8_t>{-2}));
  EXPECT_EQ(values_of<int16_t>(parse("\0\0\x0B"s + one + "\x01\x02")), (std::vector<int16_t>{258}));
  EXPECT_EQ(values_of<int32_t>(parse("\0\0\x0C"s + one + "\xFF\xFF\xFF\xFE")),
            (std::vector<int32_t>{-2}));
  EXPECT_EQ(values_of<float>(parse("\0\0\x0D"s + one + "\x3F\xC0\0\0"s)),
            (std::vector<float>{1.5f}));
  EXPECT_EQ(values_of<double>(parse("\0\0\x0E"s + one + "\xBF\xF8\0\0\0\0\0\0"s)),
            (std::vector<double>{-1.5}));
}

TEST(ReadIdx, UnpacksGzip) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.gz");
  const std::string bytes = "\0\0\x08\x01\x00\x40\0\0"s + std::string(0x400000, 'x');
  const gzFile file = gzopen(path.c_str(), "wb1");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  EXPECT_EQ(read_idx(path).num_elements(), 0x400000);
}

TEST(ReadIdx, RejectsOtherFiles) {
  EXPECT_EQ(data_error("\1\2\3"),
            "a.idx: not an IDX file: expected it to start with 00 00, a type "
            "from 08 to 0E and the number of axes, found 01 02 03.");
  EXPECT_NE(data_error("\0\0\x0A\x01\0\0\0\x01x"s).find("not an IDX file"), std::string::npos);
  EXPECT_NE(data_error("").find("not an IDX file"), std::string::npos);
}

TEST(ReadIdx, RejectsHeadersThatLie) {
  EXPECT_NE(data_error("\0\0\x08\x01\0\0"s).find("ends before the size of axis 0"),
            std::string::npos);
  EXPECT_NE(data_error("\0\0\x08\x01\xFF\xFF\xFF\xFFx"s).find("negative size -1"),
            std::string::npos);
  EXPECT_NE(data_error("\0\0\x08\0"s).find("1 to 32 axes, found 0"), std::string::npos);
  EXPECT_NE(data_error("\0\0\x08\x01\0\0\0\0"s).find("empty"), std::string::npos);
  const std::string huge = "\x7F\xFF\xFF\xFF";
  EXPECT_NE(data_error("\0\0\x0E\x03"s + huge + huge + huge + "x").find("larger than any memory"),
            std::string::npos);
  EXPECT_NE(data_error("\0\0\x0E\x01"s + huge + "x").find("takes 17179869176 bytes, found 1"),
            std::string::npos);
}

TEST(ReadIdx, RejectsFilesOfOtherLength) {
  EXPECT_EQ(data_error("\0\0\x08\x01\0\0\0\x03xx"s),
            "a.idx: the file is cut off: its array [3] takes 3 bytes, found 2.");
  EXPECT_NE(data_error("\0\0\x08\x01\0\0\0\x01xx"s).find("goes on behind its array"),
            std::string::npos);
}

}  // namespace
}  // namespace sinapse
