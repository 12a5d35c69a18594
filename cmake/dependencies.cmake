# Everything Sinapse stands on, all from Debian: scripts/install-dependencies brings it.
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)  # headers; only src/cli uses them
find_package(PkgConfig REQUIRED)
pkg_check_modules(HIGHWAY REQUIRED IMPORTED_TARGET libhwy)
pkg_check_modules(MESSAGE_DIGEST REQUIRED IMPORTED_TARGET libmd)

# libonnx is built with this namespace; its headers need to be told.
find_package(Protobuf REQUIRED)
find_library(ONNX_LIBRARY onnx REQUIRED)
find_library(ONNX_PROTO_LIBRARY onnx_proto REQUIRED)
add_library(onnx_files INTERFACE)
target_compile_definitions(onnx_files INTERFACE ONNX_NAMESPACE=onnx ONNX_ML=1)
target_link_libraries(onnx_files INTERFACE ${ONNX_LIBRARY} ${ONNX_PROTO_LIBRARY} protobuf::libprotobuf)

set(SINAPSE_DEPENDENCIES
    Threads::Threads ZLIB::ZLIB fmt::fmt yaml-cpp nlohmann_json::nlohmann_json
    PkgConfig::HIGHWAY PkgConfig::MESSAGE_DIGEST onnx_files)
