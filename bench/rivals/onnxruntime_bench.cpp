// ONNX Runtime: inference of a workload's model file through its C interface, all optimizations on,
// input and output tensors made once, outputs written in place.
#include <cmath>

#include "bench_program.h"
#include "rivals/onnxruntime_api.h"

namespace {

using onnxruntime::Api;
using onnxruntime::Handle;

class Session {
 public:
  Session(const Api& api, const char* model, int threads) : api_(api) {
    Handle *environment, *session_options;
    api_.call(onnxruntime::kCreateEnvironment, onnxruntime::kLogErrors, "bench", &environment);
    api_.call(onnxruntime::kCreateSessionOptions, &session_options);
    api_.call(onnxruntime::kSetIntraOpThreads, session_options, threads);
    api_.call(onnxruntime::kSetInterOpThreads, session_options, 1);
    api_.call(onnxruntime::kSetGraphOptimizationLevel, session_options,
              onnxruntime::kAllOptimizations);
    api_.call(onnxruntime::kCreateSession, environment, model, session_options, &session_);
    api_.call(onnxruntime::kCreateCpuMemoryInfo, onnxruntime::kArenaAllocator,
              onnxruntime::kDefaultMemory, &memory_);
  }

  Handle* tensor(std::vector<float>& values, const std::vector<int64_t>& shape) const {
    Handle* result;
    api_.call(onnxruntime::kCreateTensorWithData, memory_, static_cast<void*>(values.data()),
              values.size() * sizeof(float), shape.data(), shape.size(), onnxruntime::kFloat,
              &result);
    return result;
  }

  void run(const char* input_name, Handle* input, const char* output_name, Handle* output) const {
    const char* input_names[] = {input_name};
    const char* output_names[] = {output_name};
    Handle* inputs[] = {input};
    Handle* outputs[] = {output};
    api_.call(onnxruntime::kRun, session_, static_cast<Handle*>(nullptr), +input_names, +inputs,
              size_t{1}, +output_names, size_t{1}, +outputs);
  }

 private:
  const Api& api_;
  Handle *session_, *memory_;
};

void check_probabilities(const std::vector<float>& row) {
  float sum = 0;
  for (int i = 0; i < 10; ++i) sum += row[i];
  if (!(std::abs(sum - 1) < 1e-4f))
    throw std::runtime_error("the first prediction is not a softmax");
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::vector<int64_t> input_shape(const std::string& workload, int64_t batch) {
  const std::string network = workload.substr(0, 2);
  if (network == "W3") return {batch, 1, 28, 28};
  if (network == "W4") return {batch, 3, 32, 32};
  if (network == "W5") return {50, batch, 32};
  return {batch, 784};
}

void measure(const bench::Options& options) {
  Api api(options.get("library", "libonnxruntime.so.1"));
  std::string peer = "onnxruntime-" + api.version(), model = options.get("model", "w1.onnx");
  std::string input_name = options.get("input", "x"), output_name = options.get("output", "y");
  Session session(api, model.c_str(), options.threads());

  const std::string workload = options.workload();
  const bool many = ends_with(workload, "-batch256");
  const int64_t batch = many ? 256 : 1;
  const std::vector<int64_t> shape = input_shape(workload, batch);
  int64_t size = 1;
  for (const int64_t axis : shape) size *= axis;
  std::vector<float> inputs(size), outputs(batch * 10);
  for (size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(std::sin(i));
  Handle *input = session.tensor(inputs, shape), *output = session.tensor(outputs, {batch, 10});
  auto predict = [&] { session.run(input_name.c_str(), input, output_name.c_str(), output); };
  predict();
  if (workload == "W1-start") {
    bench::print_result(peer, options, "start_to_first_prediction_ms",
                        bench::milliseconds_since_start(options));
  } else if (ends_with(workload, "-latency")) {
    bench::print_result(peer, options, "latency_p50_us",
                        1e6 * bench::median_seconds(options.seconds(), predict));
  } else if (many) {
    bench::print_result(peer, options, "inference_samples_per_s",
                        batch / bench::average_seconds(options.seconds(), predict));
  } else {
    bench::reject_workload(options);
  }
  check_probabilities(outputs);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    measure(bench::Options(count, arguments));
  } catch (const std::exception& error) {
    std::cerr << "onnxruntime_bench: " << error.what() << '\n';
    return 1;
  }
}
