#include "data/safetensors.h"

#include <cmath>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

// A file as the format's description says, whatever the header.
std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(uint64_t{header.size()} >> (8 * i));
  return bytes + header + data;
}

std::string tensor(const std::string& name, const std::string& shape, const std::string& offsets,
                   const std::string& type = "F32") {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":{},"data_offsets":{}}})", name, type, shape,
                     offsets);
}

std::string complaint(const std::string& bytes) {
  return message_of(ErrorCode::file, [&] { parse_safetensors(bytes, "a.safetensors"); });
}

TEST(Safetensors, HasTheBytesOfTheFormat) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.safetensors");
  write_safetensors(path, {.metadata = {{"k", "v\""}},
                           .tensors = {{"b", {2, 1}, {1.0f, -2.5f}}, {"a", {1}, {0.0f}}}});
  // Padded to a multiple of 8; tensors in the order given.
  std::string header = R"({"__metadata__":{"k":"v\""},)" + tensor("b", "[2,1]", "[0,8]") + "," +
                       tensor("a", "[1]", "[8,12]") + "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::string data("\x00\x00\x80\x3f\x00\x00\x20\xc0\x00\x00\x00\x00", 12);
  EXPECT_EQ(read_back(path), file_of(header, data));
}

TEST(Safetensors, ComesBackBitByBit) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.safetensors");
  const float quiet = std::nanf(""), tiny = std::numeric_limits<float>::denorm_min();
  const std::string key = "schlüssel\n", value = "zeile 1\nzeile 2 \x01";
  write_safetensors(path, {.metadata = {{key, value}},
                           .tensors = {{"x:moment1", {2, 2}, {quiet, -0.0f, tiny, -INFINITY}},
                                       {"empty", {0, 3}, {}},
                                       {"scalar", {}, {7}}}});
  const Safetensors back = read_safetensors(path);
  EXPECT_EQ(back.metadata.at(key), value);
  EXPECT_EQ(read_safetensors_metadata(path), back.metadata);
  ASSERT_EQ(back.tensors.size(), 3u);
  for (const NamedTensor& one : back.tensors) {
    if (one.name == "scalar") {
      EXPECT_EQ(one.values, std::vector<float>{7});
    }
    if (one.name != "x:moment1") continue;
    EXPECT_EQ(one.shape, (Shape{2, 2}));
    EXPECT_TRUE(std::isnan(one.values[0]) && std::signbit(one.values[1]));
    EXPECT_EQ(one.values[2], tiny);
    EXPECT_EQ(one.values[3], -INFINITY);
  }
}

TEST(Safetensors, ReadsTensorsInAnyOrderOfTheHeader) {
  const std::string header =
      "{" + tensor("b", "[1]", "[4,8]") + "," + tensor("a", "[1]", "[0,4]") + "}   ";
  const Safetensors read =
      parse_safetensors(file_of(header, std::string("\0\0\x80\x3f\0\0\0\x40", 8)), "a");
  ASSERT_EQ(read.tensors.size(), 2u);
  EXPECT_EQ(read.tensors[0].name, "a");
  EXPECT_EQ(read.tensors[0].values[0], 1.0f);
  EXPECT_EQ(read.tensors[1].values[0], 2.0f);
}

TEST(Safetensors, RefusesHeadersThatDoNotFitTheFile) {
  const std::string fine = file_of("{" + tensor("a", "[1]", "[0,4]") + "}", "1234");
  parse_safetensors(fine, "a");
  for (size_t size = 0; size < fine.size(); ++size) complaint(fine.substr(0, size));
  EXPECT_NE(complaint(fine + "5").find("describes 4 bytes of numbers, but 5"), std::string::npos);
  EXPECT_NE(complaint(std::string(8, '\xff') + "{}").find("the header should have 18446744"),
            std::string::npos);
}

TEST(Safetensors, RefusesHostileTensors) {
  const std::vector<std::string> entries{
      tensor("a", "[1]", "[0,8]"),
      tensor("a", "[2]", "[0,4]"),
      tensor("a", "[-1]", "[0,4]"),
      tensor("a", "[1.0]", "[0,4]"),
      tensor("a", "1", "[0,4]"),
      tensor("a", "[1]", "[4,0]"),
      tensor("a", "[1]", "[0]"),
      tensor("a", "[1]", "[0,4,8]"),
      tensor("a", "[1]", "[-4,0]"),
      tensor("a", "[1]", "[4,8]"),
      tensor("a", "[4294967296,4294967296]", "[0,4]"),
      tensor("a", "[9223372036854775808,2]", "[0,0]"),
      tensor("a", "[2147483649]", "[0,4]"),
      tensor("a", "[1]", "[0,4]", "F16"),
      tensor("a", "[1]", "[18446744073709551612,18446744073709551616]"),
      tensor("a", "[1]", "[0,4]") + "," + tensor("a", "[1]", "[0,4]"),
      tensor("a", "[1]", "[0,4]") + "," + tensor("b", "[1]", "[0,4]"),
      tensor("a", "[1]", "[0,4]") + R"(,"b":7)",
      tensor("a", "[1]", "[0,4]") + R"(,"b":{"dtype":"F32"})",
      tensor("a", "[1]", "[0,4]") + R"(,"__metadata__":{"k":7})",
      tensor("a", "[1]", "[0,4]") + R"(,"__metadata__":[])",
  };
  for (const std::string& entry : entries) {
    const std::string message = complaint(file_of("{" + entry + "}", "1234"));
    EXPECT_NE(message.find("a.safetensors: this is no safetensors file, or it is damaged: "),
              std::string::npos)
        << entry << "\n"
        << message;
  }
}

TEST(Safetensors, RefusesHeadersThatAreNoObject) {
  for (const char* header : {"", "[]", "null", " {}", "{", "{\"a\":", "\xff\xfe"}) {
    complaint(file_of(header, ""));
  }
  complaint(file_of("{\"a\":" + std::string(100000, '['), ""));
}

TEST(Safetensors, NamesTheFileThatCannotBeRead) {
  const TemporaryFolder folder;
  const std::string path = folder.path("none");
  EXPECT_EQ(message_of(ErrorCode::file, [&] { read_safetensors(path); }),
            path + ": cannot read: No such file or directory.");
  message_of(ErrorCode::file, [&] { read_safetensors(folder.path("")); });
}

}  // namespace
}  // namespace sinapse
