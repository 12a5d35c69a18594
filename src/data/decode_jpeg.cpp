// JPEG by libjpeg-turbo. Its errors jump back here, over nothing but its own C code.
#include <csetjmp>
#include <cstdio>  // before jpeglib.h, which forgets it

#include <fmt/format.h>
#include <jerror.h>
#include <jpeglib.h>

#include "data/decode_image.h"

namespace sinapse {

namespace {

constexpr int kMostScans = 200;  // a small progressive file can ask for years of work

struct Errors {
  jpeg_error_mgr manager;  // first: libjpeg knows only this
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void give_up(j_common_ptr info) {
  auto* errors = reinterpret_cast<Errors*>(info->err);
  (*info->err->format_message)(info, errors->message);
  std::longjmp(errors->jump, 1);
}

// libjpeg would fill the rest of a damaged picture with gray.
void take_warning(j_common_ptr info, int level) {
  const int code = info->err->msg_code;
  const bool damaged =
      code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE;
  if (level < 0 && damaged) give_up(info);
}

void count_scans(j_common_ptr info) {
  if (info->is_decompressor &&
      reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMostScans) {
    ERREXIT(info, JERR_BAD_PROGRESSION);
  }
}

// Everything that must outlive a jump.
struct Decoder {
  jpeg_decompress_struct info{};
  Errors errors{};
  jpeg_progress_mgr progress{};
  Image image;
  int orientation = 1;

  Decoder() {
    info.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = give_up;
    errors.manager.emit_message = take_warning;
    progress.progress_monitor = count_scans;
  }
  ~Decoder() { jpeg_destroy_decompress(&info); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // The first part: sizes and orientation. False: see errors.message.
  bool read_header(std::string_view bytes) {
    if (setjmp(errors.jump) != 0) return false;
    jpeg_create_decompress(&info);
    info.progress = &progress;
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_save_markers(&info, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&info, TRUE);
    read_orientation();
    return true;
  }

  bool start() {
    if (setjmp(errors.jump) != 0) return false;
    jpeg_start_decompress(&info);
    return true;
  }

  bool read_rows() {
    if (setjmp(errors.jump) != 0) return false;
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = image.at(info.output_scanline, 0);
      jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    return true;
  }

 private:
  void read_orientation() {
    for (auto* marker = info.marker_list; marker != nullptr; marker = marker->next) {
      const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
      if (data.starts_with(std::string_view("Exif\0\0", 6))) {
        orientation = exif_orientation(data.substr(6));
      }
    }
  }
};

bool is_cmyk(const jpeg_decompress_struct& info) {
  return info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
}

void choose_output(jpeg_decompress_struct& info, int64_t enough) {
  info.out_color_space = is_cmyk(info)                            ? JCS_CMYK
                         : info.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE
                                                                  : JCS_RGB;
  const int64_t shorter = std::min(info.image_height, info.image_width);
  info.scale_num = 1;
  info.scale_denom = 1;
  while (enough > 0 && info.scale_denom < 8 && shorter / (2 * info.scale_denom) >= enough) {
    info.scale_denom *= 2;
  }
}

// Adobe's programs store inks inverted: 255 is none.
Image from_cmyk(const Image& inks, bool inverted) {
  Image image = blank_image(inks.height, inks.width, 3);
  for (size_t i = 0; i < inks.pixels.size() / 4; ++i) {
    const auto light = [&](size_t c) {
      const int ink = inks.pixels[4 * i + c];
      return inverted ? ink : 255 - ink;
    };
    for (size_t c = 0; c < 3; ++c) {
      image.pixels[3 * i + c] = static_cast<uint8_t>((light(c) * light(3) + 127) / 255);
    }
  }
  return image;
}

}  // namespace

Image decode_jpeg(std::string_view bytes, const std::string& source, const DecodeLimits& limits) {
  Decoder decoder;
  const auto damaged = [&] {
    fail_image(source, fmt::format("damaged JPEG: {}.", decoder.errors.message));
  };
  if (!decoder.read_header(bytes)) damaged();
  check_image_size(source, decoder.info.image_height, decoder.info.image_width, limits);
  choose_output(decoder.info, limits.enough);
  if (!decoder.start()) damaged();
  decoder.image = blank_image(decoder.info.output_height, decoder.info.output_width,
                              decoder.info.output_components);
  if (!decoder.read_rows()) damaged();
  if (is_cmyk(decoder.info)) {
    decoder.image = from_cmyk(decoder.image, decoder.info.saw_Adobe_marker != 0);
  }
  return oriented(std::move(decoder.image), decoder.orientation);
}

}  // namespace sinapse
