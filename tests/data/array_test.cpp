#include <gtest/gtest.h>

#include <sinapse/array.h>

#include "data/expect_error.h"
#include "data/npy.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

using namespace std::string_literals;

TEST(ElementType, HasSizeAndName) {
  EXPECT_EQ(size_of(ElementType::int16), 2u);
  EXPECT_EQ(size_of(ElementType::float64), 8u);
  EXPECT_EQ(name_of(ElementType::uint8), "uint8");
}

TEST(Array, CountsElements) {
  EXPECT_EQ((Array{.shape = {2, 3, 4}}.num_elements()), 24);
}

TEST(ReadArray, GoesByContent) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_array(folder.file("a", "\0\0\x08\x01\0\0\0\x02\x05\x06"s)).num_elements(), 2);
  const Array array{.type = ElementType::int8, .shape = {1}, .bytes = {std::byte{7}}};
  write_npy(folder.path("b"), array);
  EXPECT_EQ(read_array(folder.path("b")).bytes, array.bytes);
}

TEST(ReadArray, RejectsOtherFiles) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    return message_of(ErrorCode::data, [&] { read_array(folder.file("x", bytes)); });
  };
  EXPECT_NE(error("a,b\n1,2\n").find("expected an array"), std::string::npos);
  EXPECT_NE(error("").find("expected an array"), std::string::npos);
  EXPECT_NE(error("PK\x03\x04").find("NPZ"), std::string::npos);
  message_of(ErrorCode::file, [&] { read_array(folder.path("missing")); });
}

}  // namespace
}  // namespace sinapse
