# One command each. Build trees lie under build/<preset>; see CMakePresets.json.
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 15
PREFIX ?= /usr/local
# Under ThreadSanitizer only what shares memory between threads is worth its slowness.
THREAD_TESTS = Team*:*Threads*:Plan*
ASAN_TESTS ?= *

.PHONY: all install test demo bench asan tsan fuzz docs format tidy clean

# build/release/sinapse. If something is missing: scripts/install-dependencies.
all:
	cmake --preset release
	cmake --build build/release -j $(JOBS) --target sinapse_program

# The library, its headers and CMake package, and the program.
install: all
	cmake --install build/release --prefix $(PREFIX)

# Everything, on a fresh machine too.
test:
	scripts/install-dependencies --tests
	cmake --preset release
	cmake --build build/release -j $(JOBS)
	ctest --test-dir build/release --output-on-failure --no-tests=error -j $(JOBS)

# A network trained, measured and used, in a few minutes.
demo:
	scripts/install-dependencies --tests
	$(MAKE) all
	scripts/demo

# Side by side with libtorch, dlib and ONNX Runtime; BENCH=--quick for two minutes.
bench:
	scripts/install-bench-dependencies
	cmake --preset bench
	cmake --build build/bench -j $(JOBS)
	bench/run $(BENCH)

# AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer.
asan:
	scripts/install-dependencies --tests
	cmake --preset asan
	cmake --build build/asan -j $(JOBS)
	UBSAN_OPTIONS=print_stacktrace=1 LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/leak-suppressions:print_suppressions=0 \
	  scripts/run-selected-tests build/asan '$(ASAN_TESTS)'

tsan:
	scripts/install-dependencies --tests
	cmake --preset tsan
	cmake --build build/tsan -j $(JOBS) --target sinapse_tests
	scripts/run-selected-tests build/tsan '$(THREAD_TESTS)'

fuzz:
	scripts/install-dependencies --tests
	cmake --preset fuzz
	cmake --build build/fuzz -j $(JOBS) --target fuzzers
	scripts/run-fuzzers $(FUZZ_SECONDS)

# The manual's reference, from the tables in the program.
docs: all
	build/release/sinapse list --markdown > docs/manual/reference.md

SOURCES = $(shell find src include tests bench -name node_modules -prune -o \
	\( -name '*.cpp' -o -name '*.h' \) -print)

format:
	clang-format -i $(SOURCES)

tidy:
	cmake --preset release
	run-clang-tidy -quiet -p build/release $(CURDIR)/src

clean:
	rm -rf build
