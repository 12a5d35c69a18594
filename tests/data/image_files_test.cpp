// Folders and lists of pictures as data sets.
#include "data/image_files.h"

#include <filesystem>

#include <gtest/gtest.h>

#include <sinapse/image_set.h>

#include "data/encode_image.h"
#include "data/temporary_folder.h"
#include "network/expect_words.h"

namespace sinapse {

namespace {

class Pictures : public testing::Test {
 protected:
  // A file of one colour in folders of its own.
  std::string add(const std::string& name, uint8_t red, int64_t size = 4) {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    Image image = blank_image(size, size, 3);
    for (size_t i = 0; i < image.pixels.size(); i += 3) image.pixels[i] = red;
    return folder.file(name, png_file(image));
  }
  std::string path(const std::string& name) const { return folder.path(name); }

  TemporaryFolder folder;
};

using ImageSets = Pictures;

TEST_F(ImageSets, FoldersAreClassesInOrder) {
  add("photos/dog/1.png", 1);
  add("photos/cat/b/2.PNG", 2);
  add("photos/cat/a.png", 3);
  folder.file("photos/cat/notes.txt", "no picture");
  EXPECT_TRUE(looks_like_images(path("photos")));
  const ImageFolder set = read_image_folder(path("photos"));
  EXPECT_EQ(set.train.classes, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(set.train.labels, (std::vector<int32_t>{0, 0, 1}));
  EXPECT_EQ(set.train.inputs.shape, (std::vector<int64_t>{3, 4, 4, 3}));
  EXPECT_EQ(std::to_integer<int>(set.train.inputs.bytes[0]), 3);
  EXPECT_EQ(set.train.names[1], path("photos/cat/b/2.PNG"));
  EXPECT_FALSE(set.test);
  EXPECT_EQ(set.num_validation, 0);
  EXPECT_TRUE(set.remarks.empty());
}

TEST_F(ImageSets, MayHaveValidationAndTestFolders) {
  for (const char* part : {"train", "val", "test"}) {
    add(std::string("p/") + part + "/a/1.png", 10);
    add(std::string("p/") + part + "/b/1.png", 20);
  }
  add("p/train/b/2.png", 30);
  const ImageFolder set = read_image_folder(path("p"));
  EXPECT_EQ(set.train.labels, (std::vector<int32_t>{0, 1, 1, 0, 1}));
  EXPECT_EQ(set.num_validation, 2);
  ASSERT_TRUE(set.test);
  EXPECT_EQ(set.test->labels, (std::vector<int32_t>{0, 1}));
  EXPECT_EQ(labelled_files(path("p"), {"a", "b"}).size(), 2u);
}

TEST_F(ImageSets, AListNamesPathsLabelsAndParts) {
  add("x/1.png", 1);
  add("x/2.png", 2);
  add("x/3.png", 3);
  const std::string list = folder.file(
      "list.csv", "path,label,split\nx/1.png,7,train\nx/2.png,03,train\nx/3.png,7,test\n");
  EXPECT_TRUE(looks_like_images(list));
  const ImageFolder set = read_image_folder(list);
  EXPECT_EQ(set.train.classes, (std::vector<std::string>{"03", "7"}));
  EXPECT_EQ(set.train.labels, (std::vector<int32_t>{1, 0}));
  EXPECT_EQ(set.test->labels, (std::vector<int32_t>{1}));
  EXPECT_FALSE(looks_like_images(folder.file("table.csv", "path,label\n1,2\n")));
  const std::string other =
      folder.file("other.csv", "path,label,split\nx/1.png,7,both\nx/2.png,8,train\n");
  expect_error(ErrorCode::data, {"other.csv:2", "both"}, [&] { image_files(other); });
}

TEST_F(ImageSets, ClassesMustBeKnownAndMoreThanOne) {
  add("one/a/1.png", 1);
  expect_error(ErrorCode::data, {"\"a\"", "train/<class>"}, [&] { image_files(path("one")); });
  add("p/train/a/1.png", 1);
  add("p/train/b/1.png", 1);
  add("p/test/c/1.png", 1);
  expect_error(ErrorCode::data, {"p/test", "\"c\""}, [&] { image_files(path("p")); });
}

TEST_F(ImageSets, DamagedFilesAreSkippedWithARemarkOrRefused) {
  add("p/a/1.png", 10);
  add("p/b/1.png", 20);
  folder.file("p/a/0.png", "");
  folder.file("p/b/0.jpg", "\xff\xd8\xff");
  add("p/b/2.png", 30);
  const ImageFolder set = read_image_folder(path("p"));
  EXPECT_EQ(set.train.labels, (std::vector<int32_t>{0, 1, 1}));
  EXPECT_EQ(std::to_integer<int>(set.train.inputs.bytes[4 * 4 * 3]), 20);
  ASSERT_EQ(set.remarks.size(), 1u);
  EXPECT_NE(set.remarks[0].find("2 of 5"), std::string::npos) << set.remarks[0];
  EXPECT_NE(set.remarks[0].find("p/a/0.png"), std::string::npos) << set.remarks[0];
  expect_error(ErrorCode::data, {"p/a/0.png", "empty"},
               [&] { read_image_folder(path("p"), {.damaged = "error"}); });
  expect_error(ErrorCode::usage, {"image.damaged"},
               [&] { read_image_folder(path("p"), {.damaged = "x"}); });
}

TEST_F(ImageSets, OneSizeIsKeptAndOthersAreFitted) {
  add("p/a/1.png", 10, 4);
  add("p/b/1.png", 20, 4);
  add("p/b/2.png", 30, 9);
  EXPECT_EQ(read_image_folder(path("p")).train.inputs.shape, (std::vector<int64_t>{3, 64, 64, 3}));
  const ImageFolder gray = read_image_folder(path("p"), {.size = {6, 5}, .channels = "gray"});
  EXPECT_EQ(gray.train.inputs.shape, (std::vector<int64_t>{3, 6, 5}));
  expect_error(ErrorCode::usage, {"image.size"},
               [&] { read_image_folder(path("p"), {.size = {0}}); });
  expect_error(ErrorCode::usage, {"grey", "gray"},
               [&] { read_image_folder(path("p"), {.channels = "grey"}); });
}

TEST_F(ImageSets, GrayPicturesHaveNoChannelAxis) {
  std::filesystem::create_directories(path("g/a"));
  std::filesystem::create_directories(path("g/b"));
  folder.file("g/a/1.pgm", ppm_file(sample_image(4, 4, 1)));
  folder.file("g/b/1.pgm", ppm_file(sample_image(4, 4, 1)));
  EXPECT_EQ(read_image_folder(path("g")).train.inputs.shape, (std::vector<int64_t>{2, 4, 4}));
}

}  // namespace

}  // namespace sinapse
