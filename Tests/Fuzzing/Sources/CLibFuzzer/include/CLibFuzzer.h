// SPDX-License-Identifier: Apache-2.0

#include <stddef.h>
#include <stdint.h>

/// The entry of libFuzzer, which `-sanitize=fuzzer` links.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *bytes, size_t count));
